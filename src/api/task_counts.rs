//! How many tasks several lists have: the badges of an inbox, in one request.

use super::answer::{ApiResult, shown};
use super::problem::Problem;
use super::requires::By;
use super::search::read_filter_at;
use super::sent::Body;
use super::state::App;
use super::view::task_count::counts;
use crate::model::json::JsonMap;
use crate::model::page::Search;
use crate::model::task_count::{CountAsked, GroupBy};
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Lists that are counted at once, at most.
const MOST: usize = 20;

/// Lists to count, by the names that the answer has them under.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"counts": {
    "mine": {"filter": {"assignee": "me", "state": "claimed"}},
    "inbox": {"filter": {"actionable": true}, "groupBy": "due"}
}}))]
pub(super) struct CountTasks {
    /// At most 20 lists by name.
    counts: BTreeMap<String, CountBody>,
}

/// A list to count.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = CountOf)]
pub(super) struct CountBody {
    /// Its conditions, as a search has them.
    #[serde(default)]
    #[schema(value_type = Object)]
    filter: JsonMap,
    /// The id of a saved filter, whose conditions hold as well.
    saved: Option<String>,
    /// `process`, `node`, `assignee`, `candidateGroup` or `due`: how many of each kind.
    group_by: Option<String>,
}

pub(super) async fn count(by: By, body: Body<CountTasks>, app: App) -> ApiResult {
    let asked = body.0.counts;
    if asked.is_empty() || asked.len() > MOST {
        let detail = format!("1 to {MOST} lists are counted at once");
        return Err(Problem::malformed("invalid_body", detail).at("/counts"));
    }
    let asked: Vec<CountAsked> = asked.into_iter().map(read).collect::<Result<_, _>>()?;
    shown(counts(app.runtime.task_counts(&by.0, asked).await?))
}

fn read((name, body): (String, CountBody)) -> Result<CountAsked, Problem> {
    let at = format!("/counts/{}", name.replace('~', "~0").replace('/', "~1"));
    let CountBody { filter, saved, group_by } = body;
    let filter = read_filter_at(filter, &format!("{at}/filter"))?;
    let by = match group_by {
        None => None,
        Some(word) => Some(GroupBy::ALL.into_iter().find(|by| by.name() == word).ok_or_else(|| {
            let known = GroupBy::ALL.map(GroupBy::name).join(", ");
            Problem::malformed("invalid_body", format!("tasks are counted by {known}")).at(format!("{at}/groupBy"))
        })?),
    };
    Ok(CountAsked { name, search: Search { filter, saved, ..Search::default() }, by, at })
}
