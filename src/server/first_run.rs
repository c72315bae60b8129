//! The first run: a business, an administrator with a password that is shown once, and the folders deployed.

use super::Failed;
use super::config::Config;
use super::folders;
use super::say::say;
use crate::model::directory::{Business, User};
use crate::model::ids::{BusinessId, UserId};
use crate::model::json::JsonMap;
use crate::model::text::Text;
use crate::model::time::Timestamp;
use crate::runtime::access::{ADMIN, OPERATOR, PROCESS_ADMIN};
use crate::runtime::request::{Change, Request};
use crate::runtime::{Runtime, operator};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The business that a new installation begins with.
pub const BUSINESS: &str = "main";

/// Sets up an empty database and says what to do next; does nothing on one that is set up. The deployment is its last
/// step, so that a first run that failed before it is done again, with a new password.
pub async fn first_run(runtime: &Runtime, config: &Config) -> Result<(), Failed> {
    let business = BusinessId::from(BUSINESS);
    let businesses = runtime.businesses().await?;
    let half_made = |found: &Business| found.id == business && found.active_revision.is_none();
    if !businesses.iter().all(half_made) {
        return Ok(());
    }
    let files = folders::read(config)?;
    if businesses.is_empty() {
        create_business(runtime, &business, Text { en: "Main business".into(), zh: "主业务".into() }).await?;
    }
    let password = password()?;
    let roles = [ADMIN, PROCESS_ADMIN, OPERATOR].map(str::to_owned).to_vec();
    put_user(runtime, &business, "admin", "Administrator", roles, &password).await?;
    let revision = folders::deploy(runtime, &business, files, "first run").await?;
    say(format_args!("created the database {}", config.database));
    say(format_args!("created business \"{business}\" and deployed revision {}", revision.number));
    say("created the administrator; this password is shown only now:");
    say(format_args!("  business {business}   user admin   password {password}"));
    say("next: add people with  kamflow user add LOGIN --name NAME --role ROLE");
    say("      or look around with demonstration data:  kamflow serve --demo");
    Ok(())
}

/// Creates a business with the defaults of a Chinese company.
pub async fn create_business(runtime: &Runtime, id: &BusinessId, title: Text) -> Result<(), Failed> {
    let business = Business {
        id: id.clone(),
        title,
        currency: "CNY".into(),
        time_zone: "Asia/Shanghai".into(),
        active_revision: None,
        created_at: runtime.now(),
    };
    execute(runtime, id, Change::CreateBusiness(business)).await
}

/// Creates a user with a password.
pub async fn put_user(
    runtime: &Runtime,
    business: &BusinessId,
    login: &str,
    name: &str,
    roles: Vec<String>,
    password: &str,
) -> Result<(), Failed> {
    let user = User {
        id: UserId::from(login),
        name: name.to_owned(),
        active: true,
        roles,
        attributes: JsonMap::new(),
        created_at: Timestamp::default(),
        version: 0,
    };
    execute(runtime, business, Change::PutUser { user, password: Some(password.into()) }).await
}

/// Carries out a change on behalf of whoever runs the machine.
pub async fn execute(runtime: &Runtime, business: &BusinessId, change: Change) -> Result<(), Failed> {
    let request = Request { actor: operator(business.clone()), change, idempotency: None, if_match: None };
    runtime.execute(request).await?;
    Ok(())
}

/// A password that nobody can guess.
pub fn password() -> Result<String, Failed> {
    let mut bytes = [0_u8; 15];
    getrandom::fill(&mut bytes).map_err(Failed::because)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
