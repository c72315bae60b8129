//! Tokens of an outside issuer: whose they are here, what they allow, and what of them is not believed.

use super::provider::{AUDIENCE, Provider, ProviderKey, ec, ed, rsa};
use super::{ME, PASSWORD, bearer, put_user};
use crate::support::app::{BUSINESS, MONDAY, TestApp};
use crate::support::{TestDatabase, on_both};
use kamflow::api::Limits;
use kamflow::model::ids::BusinessId;
use kamflow::model::json::Json;
use kamflow::model::scope::Scope;
use kamflow::model::time::Timestamp;
use kamflow::runtime::identity::issuer::{Business, Issuer, RoleMap};
use serde_json::json;

/// A kamflow with business `main` that trusts these issuers.
pub fn trusting(database: &TestDatabase, issuers: Vec<Issuer>) -> TestApp {
    drop(TestApp::start(database));
    TestApp::open_as(database, Limits::default(), Timestamp::parse(MONDAY).unwrap(), |options| {
        options.issuers = issuers;
    })
}

fn refused(app: &TestApp, token: &str) -> String {
    let answer = bearer(app, token).get(ME);
    let problem = answer.problem(401, "unauthenticated");
    assert!(answer.header("www-authenticate").contains("invalid_token"));
    problem["detail"].as_str().unwrap().to_owned()
}

/// The claims of somebody with a change.
fn changed(provider: &Provider, app: &TestApp, name: &str, value: Json) -> Json {
    let mut claims = provider.claims("eve", app.runtime.now());
    claims[name] = value;
    claims
}

#[test]
fn tokens_of_every_algorithm_come_in_and_make_a_user() {
    on_both(|database| {
        let keys = [rsa(), ec(), ed()];
        let provider = Provider::start(&keys.each_ref());
        let app = trusting(database, vec![provider.issuer()]);
        for (key, login) in keys.iter().zip(["ann", "bob", "carl"]) {
            let token = provider.token(key, login, app.runtime.now());
            let me = bearer(&app, &token).get(ME).ok(200);
            assert_eq!((&me["id"], &me["business"]), (&json!(login), &json!(BUSINESS)));
            assert_eq!((&me["roles"], &me["mappedRoles"]), (&json!([]), &json!([])), "nobody gave a role");
            assert_eq!(me["scopes"], json!(["directory:read", "processes:write", "tasks:read", "tasks:write"]));
            let user = app.by("alice").get(&format!("/api/v1/users/{login}")).ok(200);
            assert_eq!((&user["name"], &user["active"]), (&json!("Somebody Outside"), &json!(true)));
            // Roles come from the directory, whatever a token says, from the next request on.
            put_user(&app, login, true, &["desk"], None);
            assert_eq!(bearer(&app, &token).get(ME).ok(200)["roles"], json!(["desk"]));
            bearer(&app, &token).get("/api/v1/process-instances").problem(403, "scope_missing");
        }
        assert_eq!(provider.asked(), 1, "the keys are fetched once");
        // Our own tokens are as good as ever.
        app.by("alice").get(ME).ok(200);
    });
}

#[test]
fn claims_that_are_not_for_us_stay_outside() {
    on_both(|database| {
        let key = ec();
        let provider = Provider::start(&[&key]);
        let app = trusting(database, vec![provider.issuer()]);
        let now = app.runtime.now().0 / 1_000;
        for (name, value) in [
            ("iss", json!(format!("{}/", provider.url))),
            ("iss", json!("kamflow")),
            ("iss", json!([provider.url])),
            ("iss", Json::Null),
            ("aud", json!("another-service")),
            ("aud", json!([])),
            ("aud", json!([AUDIENCE, 7])),
            ("aud", json!({"kamflow-of-tests": true})),
            ("aud", Json::Null),
            ("sub", json!("")),
            ("sub", json!(7)),
            ("sub", Json::Null),
            ("preferred_username", json!("")),
            ("preferred_username", json!(["alice"])),
            ("preferred_username", json!("a b")),
            ("preferred_username", json!("eve\u{0}")),
            ("preferred_username", json!("x".repeat(65))),
            ("exp", json!(now - 31)),
            ("exp", json!("never")),
            ("exp", Json::Null),
            ("iat", json!(now + 3_600)),
            ("iat", Json::Null),
            ("nbf", json!(now + 3_600)),
            ("nbf", json!("soon")),
        ] {
            let told = refused(&app, &key.sign(&changed(&provider, &app, name, value.clone())));
            assert!(!told.is_empty(), "{name} = {value}");
        }
        assert_eq!(app.by("alice").get("/api/v1/users").ok(200)["total"], 1, "nobody was made");
        bearer(&app, &key.sign(&changed(&provider, &app, "aud", json!(["x", AUDIENCE])))).get(ME).ok(200);
    });
}

#[test]
fn what_a_token_may_do_is_what_the_configuration_maps() {
    on_both(|database| {
        let key = ed();
        let provider = Provider::start(&[&key]);
        let scopes = [("openid", vec![Scope::TasksRead]), ("desk", vec![Scope::TasksWrite, Scope::ProcessesWrite])];
        let roles = [("/sales", vec!["clerk"]), ("/all", vec!["boss", "clerk"])];
        let roles = roles.map(|(group, roles)| (group.to_owned(), roles.into_iter().map(str::to_owned).collect()));
        let issuer = Issuer {
            scopes: Some(scopes.map(|(word, scopes)| (word.to_owned(), scopes)).into()),
            roles: Some(RoleMap { claim: "realm_access.roles".into(), roles: roles.into() }),
            ..provider.issuer()
        };
        let app = trusting(database, vec![issuer]);
        crate::runtime::deploy(&app, &[("processes/errand.yaml", ERRAND), ("records/thing.yaml", THING)]);
        let claims = |scope: Json, roles: Json| {
            let mut claims = provider.claims("eve", app.runtime.now());
            claims["scope"] = scope;
            claims["realm_access"] = json!({ "roles": roles });
            key.sign(&claims)
        };
        let plain = claims(json!("openid email records:read admin"), json!(["nothing", "admin", "clerk"]));
        let me = bearer(&app, &plain).get(ME).ok(200);
        assert_eq!((&me["scopes"], &me["mappedRoles"]), (&json!(["tasks:read"]), &json!([])), "only what is mapped");

        let clerk = claims(json!("openid desk"), json!(["/sales", 7]));
        assert_eq!(bearer(&app, &clerk).get(ME).ok(200)["mappedRoles"], json!([]), "a list of anything is no list");
        let clerk = claims(json!("openid desk"), json!(["/sales"]));
        let eve = bearer(&app, &clerk);
        assert_eq!(eve.get(ME).ok(200)["mappedRoles"], json!(["clerk"]));
        // A mapped role lets her start the process; it gives no authority over the task that the role may take.
        bearer(&app, &plain)
            .post("/api/v1/process-instances", json!({"process": "errand"}))
            .problem(403, "scope_missing");
        eve.start("errand", json!({}));
        let seen = eve.get("/api/v1/user-tasks").ok(200)["items"].clone();
        assert!(seen.as_array().unwrap().iter().all(|task| task["allowedActions"] == json!([])), "{seen}");
        let task = app.by("alice").get("/api/v1/user-tasks").ok(200)["items"][0]["id"].clone();
        let claim = format!("/api/v1/user-tasks/{}/claim", task.as_str().unwrap());
        eve.post(&claim, json!({})).problem(403, "not_candidate");
        put_user(&app, "eve", true, &["clerk"], None);
        eve.post(&claim, json!({})).ok(200);
    });
}

const ERRAND: &str = "\
process: errand
title: {en: Errand, zh: 差事}
starters: [clerk]
nodes:
  - {id: do, type: userTask, candidateGroups: [clerk]}
";

const THING: &str = "\
record: thing
title: {en: Thing, zh: 物品}
fields: {name: {type: string, required: true, max: 100}}
access: {read: ['role:clerk'], create: ['role:clerk'], update: ['role:clerk']}
";

#[test]
fn a_name_that_is_taken_here_cannot_be_taken_over_from_outside() {
    on_both(|database| {
        let key = rsa();
        let provider = Provider::start(&[&key]);
        let app = trusting(database, vec![provider.issuer()]);
        let now = app.runtime.now();
        // Whoever signs up as "root" out there is not our root, who has a password here.
        put_user(&app, "root", true, &["admin", "operator"], Some(PASSWORD));
        assert!(refused(&app, &provider.token(&key, "root", now)).contains("password"));
        // A service account is nobody who could sign in.
        super::put_client(&app, &["tasks:read"], &[]);
        assert!(refused(&app, &provider.token(&key, "shop", now)).contains("service account"));
        // Somebody whom an administrator prepared is linked to the first account that signs in by the name…
        put_user(&app, "bob", true, &["desk"], None);
        bearer(&app, &provider.token(&key, "bob", now)).get(ME).ok(200);
        // …and another account that calls itself so is somebody else.
        let mut claims = provider.claims("bob", now);
        claims["sub"] = json!("another-id");
        let other = key.sign(&claims);
        assert!(refused(&app, &other).contains("another account"));
        // An administrator lets the name go: the next one is linked, the one before is not bob any more.
        let alice = app.by("alice");
        alice.post("/api/v1/users/bob/unlink", json!({})).ok(200);
        app.advance("PT1S");
        claims["iat"] = json!(app.runtime.now().0 / 1_000);
        bearer(&app, &key.sign(&claims)).get(ME).ok(200);
        assert!(refused(&app, &provider.token(&key, "bob", app.runtime.now())).contains("another account"));
        assert!(refused(&app, &other).contains("void"), "it is older than the link");
        alice.post("/api/v1/users/nobody/unlink", json!({})).problem(404, "not_found");
    });
}

#[test]
fn who_is_not_known_stays_outside_unless_users_may_be_created() {
    on_both(|database| {
        let key = ed();
        let provider = Provider::start(&[&key]);
        let app = trusting(database, vec![Issuer { create_users: false, ..provider.issuer() }]);
        let eve = provider.token(&key, "eve", app.runtime.now());
        assert!(refused(&app, &eve).contains("eve"));
        put_user(&app, "eve", true, &["desk"], None);
        assert_eq!(bearer(&app, &eve).get(ME).ok(200)["roles"], json!(["desk"]));
        // Deactivated is out at once; and what was issued before is void for good.
        put_user(&app, "eve", false, &["desk"], None);
        assert!(refused(&app, &eve).contains("not active"));
        app.advance("PT1S");
        put_user(&app, "eve", true, &["desk"], None);
        assert!(refused(&app, &eve).contains("void"));
        let eve = provider.token(&key, "eve", app.runtime.now());
        bearer(&app, &eve).get(ME).ok(200);
        // One token, by whoever has it.
        let other = provider.token(&key, "eve", Timestamp(app.runtime.now().0 + 1_000));
        bearer(&app, &eve).post("/api/v1/auth/revoke", json!({"token": eve})).ok(200);
        assert!(refused(&app, &eve).contains("revoked"));
        bearer(&app, &other).get(ME).ok(200);
        // All of them, by an administrator.
        app.advance("PT2S");
        app.by("alice").post("/api/v1/users/eve/revoke-tokens", json!({})).ok(200);
        assert!(refused(&app, &other).contains("void"));
    });
}

#[test]
fn the_business_is_fixed_or_one_of_a_list() {
    on_both(|database| {
        let key = ec();
        let provider = Provider::start(&[&key]);
        let allowed = ["main", "ghost"].map(BusinessId::from).to_vec();
        let issuer = Issuer { business: Business::Claim { claim: "tenant".into(), allowed }, ..provider.issuer() };
        let app = trusting(database, vec![issuer]);
        app.change(
            "other",
            kamflow::runtime::request::Change::CreateBusiness(kamflow::model::directory::Business {
                id: "other".into(),
                title: kamflow::model::text::Text::same("Other"),
                currency: "CNY".into(),
                time_zone: "Asia/Shanghai".into(),
                active_revision: None,
                created_at: Timestamp::default(),
            }),
        );
        let of = |tenant: Json| key.sign(&changed(&provider, &app, "tenant", tenant));
        for tenant in [json!("other"), json!("MAIN"), json!(["main"]), json!(""), Json::Null] {
            assert!(refused(&app, &of(tenant)).contains("business"));
        }
        assert!(refused(&app, &of(json!("ghost"))).contains("ghost"), "a business that is not there has no users");
        assert_eq!(bearer(&app, &of(json!("main"))).get(ME).ok(200)["business"], "main");
    });
}

#[test]
fn an_address_counts_only_when_the_issuer_has_verified_it() {
    on_both(|database| {
        let key = ed();
        let provider = Provider::start(&[&key]);
        let app = trusting(database, vec![Issuer { user: "email".into(), ..provider.issuer() }]);
        let with = |verified: Json| {
            let mut claims = changed(&provider, &app, "email", json!("eve@example.com"));
            claims["email_verified"] = verified;
            key.sign(&claims)
        };
        for unverified in [json!(false), json!("true"), Json::Null] {
            assert!(refused(&app, &with(unverified)).contains("email"));
        }
        assert_eq!(bearer(&app, &with(json!(true))).get(ME).ok(200)["id"], "eve@example.com");
    });
}

/// A key that signs for somebody else's issuer opens nothing here.
#[test]
fn issuers_do_not_vouch_for_one_another() {
    on_both(|database| {
        let (one, other): (ProviderKey, ProviderKey) = (ec(), ec());
        let (first, second) = (Provider::start(&[&one]), Provider::start(&[&other]));
        let app = trusting(database, vec![first.issuer(), second.issuer()]);
        let now = app.runtime.now();
        bearer(&app, &first.token(&one, "ann", now)).get(ME).ok(200);
        assert!(refused(&app, &first.token(&other, "ann", now)).contains("forged"));
        assert!(refused(&app, &second.token(&other, "ann", now)).contains("another account"));
        bearer(&app, &second.token(&other, "bob", now)).get(ME).ok(200);
    });
}
