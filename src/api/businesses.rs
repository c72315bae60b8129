//! Businesses: the caller's own, and new ones.

use super::answer::{self, ApiResult, created, expect, shown};
use super::requires::By;
use super::sent::Sent;
use super::state::App;
use super::view::business::business;
use crate::model::directory::Business;
use crate::model::ids::BusinessId;
use crate::model::money;
use crate::model::refusal::{FieldError, Refusal};
use crate::model::text::Text;
use crate::runtime::request::Change;
use jiff::tz::TimeZone;
use serde::Deserialize;
use utoipa::ToSchema;

/// A new business.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(example = json!({
    "id": "logistics", "title": {"en": "Logistics", "zh": "物流"}, "currency": "CNY", "timeZone": "Asia/Shanghai"
}))]
pub(super) struct CreateBusiness {
    /// Its id: lower-case letters, digits and hyphens.
    id: String,
    /// Its title.
    #[schema(value_type = super::view::text::TextView)]
    title: Text,
    /// ISO 4217 code of its currency.
    currency: String,
    /// IANA time zone of its business days.
    time_zone: String,
}

pub(super) async fn current(by: By, app: App) -> ApiResult {
    shown(business(app.runtime.business(&by.0).await?))
}

pub(super) async fn create(by: By, sent: Sent<CreateBusiness>, app: App) -> ApiResult {
    check(&sent.value)?;
    let CreateBusiness { id, title, currency, time_zone } = sent.value;
    let (id, created_at) = (BusinessId(id), app.runtime.now());
    let new = Business { id, title, currency, time_zone, active_revision: None, created_at };
    let (new, answered) = expect(app.execute(&by, sent.terms, Change::CreateBusiness(new)).await?, answer::business)?;
    // No Location: the caller's own business is another one, and only a token of the new one opens it.
    created(answered, None, None, business(new))
}

fn check(new: &CreateBusiness) -> Result<(), Refusal> {
    let letters = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let id = !new.id.is_empty() && new.id.len() <= 64 && new.id.bytes().all(letters) && !new.id.starts_with('-');
    let rules = [
        (id, "/id", "an id has 1 to 64 lower-case letters, digits and hyphens"),
        (money::scale(&new.currency).is_some(), "/currency", "a currency is an ISO 4217 code such as CNY"),
        (TimeZone::get(&new.time_zone).is_ok(), "/timeZone", "a time zone is an IANA name such as Asia/Shanghai"),
    ];
    let broken = rules.into_iter().filter(|(holds, ..)| !holds);
    let errors: Vec<FieldError> = broken
        .map(|(_, pointer, detail)| FieldError {
            pointer: pointer.to_owned(),
            code: "invalid_business".to_owned(),
            detail: detail.to_owned(),
        })
        .collect();
    if errors.is_empty() {
        return Ok(());
    }
    Err(Refusal::invalid("invalid_business", "the business makes no sense; see errors").with_errors(errors))
}
