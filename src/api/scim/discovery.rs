//! What of SCIM is served here (RFC 7643 5 to 7, RFC 7644 4). For everybody: it is the same for all.

use super::{MEDIA, schemas};
use crate::api::answer::ApiResult;
use crate::api::problem::Problem;
use crate::model::json::Json;
use crate::model::page::PAGE_MOST;
use crate::model::refusal::Refusal;
use crate::model::scim::{ENTERPRISE, GROUP, GROUP_ROLES, USER};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::json;

pub(in crate::api) async fn config() -> ApiResult {
    let no = json!({"supported": false});
    told(json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": PAGE_MOST},
        "changePassword": no,
        "sort": no,
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken", "name": "OAuth Bearer Token", "primary": true,
            "description": "a token of /api/v1/auth/token with the scope scim",
            "specUri": "https://www.rfc-editor.org/info/rfc6750"
        }, {
            "type": "httpbasic", "name": "HTTP Basic", "primary": false,
            "description": "BUSINESS/CLIENT and the secret of the service account",
            "specUri": "https://www.rfc-editor.org/info/rfc7617"
        }],
        "meta": {"resourceType": "ServiceProviderConfig", "location": "/scim/v2/ServiceProviderConfig"}
    }))
}

pub(in crate::api) async fn resource_types() -> ApiResult {
    told(listed(types().into_iter().map(|(_, shown)| shown).collect()))
}

pub(in crate::api) async fn resource_type(id: Path<String>) -> ApiResult {
    let found = types().into_iter().find(|(name, _)| *name == id.as_str());
    told(found.map(|(_, shown)| shown).ok_or_else(|| not_there("resource type", &id))?)
}

pub(in crate::api) async fn all_schemas() -> ApiResult {
    told(listed(schemas::all().into_iter().map(|(_, shown)| shown).collect()))
}

pub(in crate::api) async fn schema(id: Path<String>) -> ApiResult {
    let found = schemas::all().into_iter().find(|(urn, _)| urn.eq_ignore_ascii_case(&id));
    told(found.map(|(_, shown)| shown).ok_or_else(|| not_there("schema", &id))?)
}

fn types() -> [(&'static str, Json); 2] {
    let shown = |name: &'static str, places: &str, schema: &str, extension: &str| {
        let shown = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": name, "name": name, "endpoint": format!("/{places}"), "schema": schema,
            "schemaExtensions": [{"schema": extension, "required": false}],
            "meta": {"resourceType": "ResourceType", "location": format!("/scim/v2/ResourceTypes/{name}")}
        });
        (name, shown)
    };
    [shown("User", "Users", USER, ENTERPRISE), shown("Group", "Groups", GROUP, GROUP_ROLES)]
}

fn listed(resources: Vec<Json>) -> Json {
    let number = resources.len();
    json!({
        "schemas": [schemas::LIST], "totalResults": number, "startIndex": 1, "itemsPerPage": number,
        "Resources": resources
    })
}

fn told(shown: Json) -> ApiResult {
    Ok(HttpResponse::Ok().content_type(MEDIA).json(shown))
}

fn not_there(what: &str, id: &str) -> Problem {
    Refusal::not_found(what, id).into()
}
