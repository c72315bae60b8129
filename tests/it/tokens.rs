//! Tokens: who gets one, what it allows, how it ends, and every way to forge one that we know of.

use crate::support::app::{Answer, BUSINESS, Caller, JSON, TestApp};
use crate::support::{TestDatabase, on_both};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signer, SigningKey, Verifier, VerifyingKey};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use kamflow::model::ids::UserId;
use kamflow::model::json::Json;
use kamflow::runtime::identity::{Grant, keys, passwords, tokens};
use kamflow::runtime::request::Change;
use kamflow::server::config::{Config, Settings, read};
use kamflow::store::keys as kept_keys;
use serde_json::json;
use std::path::Path;

const PASSWORD: &str = "correct horse battery";

#[test]
fn a_person_gets_a_token_for_a_password() {
    on_both(|database| {
        let app = with_password(database);
        let answer = login(&app, "alice", PASSWORD, None).ok(200);
        assert_eq!((&answer["token_type"], &answer["expires_in"]), (&json!("Bearer"), &json!(3600)));
        let me = bearer(&app, answer["access_token"].as_str().unwrap()).get("/api/v1/users/me").ok(200);
        assert_eq!((&me["id"], &me["business"]), (&json!("alice"), &json!(BUSINESS)));
        assert_eq!(me["roles"], json!(["admin", "operator", "process_admin"]));
    });
}

#[test]
fn a_wrong_password_an_unknown_user_and_an_inactive_one_hear_the_same() {
    on_both(|database| {
        let app = with_password(database);
        put_user(&app, "gone", false, &["sales_rep"], Some(PASSWORD));
        app.user("silent", &["sales_rep"]);
        let told = |user: &str, password: &str| {
            let problem = login(&app, user, password, None).problem(400, "invalid_grant");
            assert_eq!(problem["error"], "invalid_grant");
            problem["detail"].as_str().unwrap().to_owned()
        };
        let wrong = told("alice", "wrong horse battery");
        assert!(!wrong.contains("alice"), "{wrong}");
        assert_eq!(told("nobody", PASSWORD), wrong);
        assert_eq!(told("gone", PASSWORD), wrong);
        assert_eq!(told("silent", PASSWORD), wrong);
        assert_eq!(told("alice", &"x".repeat(1_000)), wrong);
        let elsewhere =
            json!({"grant_type": "password", "business": "other", "username": "alice", "password": PASSWORD});
        assert_eq!(ask(&app, &elsewhere).problem(400, "invalid_grant")["detail"], wrong);
    });
}

#[test]
fn the_hash_of_nobody_costs_as_much_as_that_of_somebody() {
    let hash = passwords::hash(PASSWORD).unwrap();
    let parameters = |hash: &str| hash.split('$').skip(1).take(3).collect::<Vec<_>>().join("$");
    assert_eq!(parameters(&hash), "argon2id$v=19$m=19456,t=2,p=1");
    assert!(passwords::verify(PASSWORD, Some(&hash)));
    assert!(!passwords::verify("correct horse batterx", Some(&hash)));
    assert!(!passwords::verify(PASSWORD, None));
    assert!(!passwords::verify(PASSWORD, Some("no hash")));
    assert_ne!(passwords::hash(PASSWORD).unwrap(), hash, "every hash has a salt of its own");
    for bad in ["", "short", &"x".repeat(1_025)] {
        assert!(passwords::hash(bad).is_err(), "{}", bad.len());
    }
}

#[test]
fn a_program_gets_a_token_for_a_secret() {
    on_both(|database| {
        let app = with_client(database);
        let body = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop", "client_secret": PASSWORD});
        let answer = ask(&app, &body).ok(200);
        assert_eq!(answer["scope"], "processes:write tasks:read");
        let me = bearer(&app, answer["access_token"].as_str().unwrap());
        me.get("/api/v1/user-tasks").ok(200);
        me.get("/api/v1/process-instances").problem(403, "scope_missing");

        let wrong = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop", "client_secret": "wrong horse battery"});
        let unknown = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "nobody", "client_secret": PASSWORD});
        let (wrong, unknown) = (ask(&app, &wrong), ask(&app, &unknown));
        assert_eq!(wrong.problem(401, "invalid_client")["detail"], unknown.problem(401, "invalid_client")["detail"]);
        assert!(wrong.header("www-authenticate").starts_with("Basic"));
        // A user is no client, and a client no user.
        let user = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "alice", "client_secret": PASSWORD});
        ask(&app, &user).problem(401, "invalid_client");
        login(&app, "shop", PASSWORD, None).problem(400, "invalid_grant");
    });
}

#[test]
fn scopes_can_be_narrowed_and_never_widened() {
    on_both(|database| {
        let app = with_client(database);
        let answer = login(&app, "alice", PASSWORD, Some("tasks:read records:read")).ok(200);
        assert_eq!(answer["scope"], "tasks:read records:read");
        let narrow = bearer(&app, answer["access_token"].as_str().unwrap());
        narrow.get("/api/v1/user-tasks").ok(200);
        let problem = narrow.get("/api/v1/process-instances").problem(403, "scope_missing");
        assert!(problem["detail"].as_str().unwrap().contains("processes:read"), "{problem}");
        let more = json!({"grant_type": "client_credentials", "business": BUSINESS, "client_id": "shop",
            "client_secret": PASSWORD, "scope": "tasks:read admin"});
        assert!(ask(&app, &more).text.contains("admin"));
        assert!([400, 401].contains(&ask(&app, &more).status));
        assert_eq!(login(&app, "alice", PASSWORD, Some("everything")).status, 400);
    });
}

#[test]
fn a_token_ends_by_the_clock() {
    on_both(|database| {
        let app = TestApp::start(database);
        let alice = app.by("alice");
        alice.get(ME).ok(200);
        app.advance("PT59M");
        alice.get(ME).ok(200);
        app.advance("PT2M");
        let refused = alice.get(ME);
        refused.problem(401, "unauthenticated");
        assert!(refused.header("www-authenticate").contains("invalid_token"));
        // One that was never looked at before ends as well.
        let unseen = app.by("alice");
        app.advance("PT2H");
        unseen.get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn a_revoked_token_is_refused_at_once() {
    on_both(|database| {
        let app = TestApp::start(database);
        let (token, other) = (app.token(BUSINESS, "alice", None), app.by("alice"));
        let (_, claims) = opened(&token);
        bearer(&app, &token).get(ME).ok(200);
        let jti = claims["jti"].as_str().unwrap().to_owned();
        app.change(BUSINESS, Change::RevokeToken { jti, expires_at: claims["exp"].as_i64().unwrap() * 1_000 });
        bearer(&app, &token).get(ME).problem(401, "unauthenticated");
        other.get(ME).ok(200);
        // After a restart it is still revoked.
        let node = TestApp::open(database, kamflow::api::Limits::default());
        bearer(&node, &token).get(ME).problem(401, "unauthenticated");
    });
}

#[test]
fn roles_and_activity_are_those_of_the_moment() {
    on_both(|database| {
        let app = TestApp::start(database);
        app.user("bob", &["process_admin"]);
        let bob = app.by("bob");
        bob.get("/api/v1/deployments").ok(200);
        put_user(&app, "bob", true, &["sales_rep"], None);
        bob.get("/api/v1/deployments").problem(403, "role_missing");
        assert_eq!(bob.get(ME).ok(200)["roles"], json!(["sales_rep"]));
        put_user(&app, "bob", false, &["sales_rep"], None);
        bob.get(ME).problem(401, "unauthenticated");
        put_user(&app, "bob", true, &["process_admin"], None);
        bob.get("/api/v1/deployments").ok(200);
    });
}

#[test]
fn the_published_keys_verify_a_token() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let (header, _) = opened(&token);
        assert_eq!((&header["alg"], &header["typ"]), (&json!("EdDSA"), &json!("JWT")));
        let set = app.send("GET", "/.well-known/jwks.json", &[], "").ok(200);
        let keys = set["keys"].as_array().unwrap();
        let key = keys.iter().find(|key| key["kid"] == header["kid"]).unwrap();
        let mut names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"], "and nothing private");
        assert_eq!((&key["kty"], &key["crv"], &key["alg"]), (&json!("OKP"), &json!("Ed25519"), &json!("EdDSA")));
        let public = URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let public = VerifyingKey::from_bytes(&public.try_into().unwrap()).unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        public.verify(signed.as_bytes(), &ed25519_dalek::Signature::from_slice(&signature).unwrap()).unwrap();
    });
}

#[test]
fn a_key_that_another_node_made_is_found() {
    on_both(|database| {
        let first = TestApp::start(database);
        // Two nodes and a new key: the second one knows it since its start, the first does not.
        let key = kept_keys::SigningKey {
            id: "another".into(),
            algorithm: "EdDSA".into(),
            private_key: keys::generate().unwrap(),
            created_at: first.runtime.now(),
            retired_at: None,
        };
        kept_keys::insert(&mut database.connect(), &key).unwrap();
        let (_, claims) = opened(&first.token(BUSINESS, "alice", None));
        let token = signed(&json!({"alg": "EdDSA", "kid": "another"}), &claims, &key.private_key);
        bearer(&first, &token).get(ME).ok(200);
    });
}

/// What others publish as recipes, in the same words: one change each to a valid token.
fn recipes() -> Vec<(String, Json, u64)> {
    let own = json!([
        {"id": "none", "recipe": {"alg": "none", "sig": ""}},
        {"id": "None", "recipe": {"alg": "None", "sig": ""}},
        {"id": "none, signature kept", "recipe": {"alg": "none"}},
        {"id": "two parts", "recipe": {"parts": 2}},
        {"id": "one part", "recipe": {"parts": 1}},
        {"id": "unknown kid", "recipe": {"header": {"kid": "nope"}}},
        {"id": "kid that is a path", "recipe": {"header": {"kid": "../../../../dev/null"}}},
        {"id": "kid that is SQL", "recipe": {"header": {"kid": "' OR '1'='1"}}},
        {"id": "expired", "recipe": {"exp": "now-3600"}},
        {"id": "not yet", "recipe": {"nbf": "now+3600"}},
        {"id": "other issuer", "recipe": {"iss": "evil"}},
        {"id": "other audience", "recipe": {"aud": "other"}},
        {"id": "changed", "recipe": {"tamper": "roles += admin"}},
        {"id": "empty bearer", "recipe": {"header_value": "Bearer "}},
        {"id": "no bearer", "recipe": {"header_value": "Bearer"}},
        {"id": "basic", "recipe": {"header_value": "Basic YWxpY2U6YWxpY2U="}},
    ]);
    let listed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/jwt_attacks.json");
    let mut cases = own.as_array().unwrap().clone();
    if let Ok(text) = std::fs::read_to_string(listed) {
        let listed: Json = serde_json::from_str(&text).unwrap();
        cases.extend(listed["cases"].as_array().unwrap().iter().cloned());
    }
    let case = |case: Json| {
        let status = case["expect_status"].as_u64().unwrap_or(401);
        (case["id"].as_str().unwrap().to_owned(), case["recipe"].clone(), status)
    };
    cases.into_iter().map(case).collect()
}

#[test]
fn every_known_forgery_is_refused() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let key = private_key(database);
        // The same steps without a change give a token that is taken: what is refused is refused for its change.
        let honest = cooked(&app, &token, &key, &json!({}));
        app.with_authorization(&honest).get(ME).ok(200);
        for (id, recipe, status) in recipes() {
            let authorization = cooked(&app, &token, &key, &recipe);
            let refused = app.with_authorization(&authorization).get(ME);
            assert_eq!(u64::from(refused.status), status, "{id}: {}", refused.text);
            refused.problem(401, "unauthenticated");
            assert!(refused.header("www-authenticate").starts_with("Bearer"), "{id}");
        }
        // Before and after, the honest one works: nothing of a forged one is remembered.
        app.with_authorization(&honest).get(ME).ok(200);
    });
}

#[test]
fn other_forgeries_are_refused_as_well() {
    on_both(|database| {
        let app = TestApp::start(database);
        let token = app.token(BUSINESS, "alice", None);
        let key = private_key(database);
        let (header, claims) = opened(&token);
        let public = keys::read("k", &key).unwrap().public;
        let refused = |what: &str, token: &str| {
            let answer = bearer(&app, token).get(ME);
            assert_eq!(answer.status, 401, "{what}: {}", answer.text);
        };
        // The public key as the secret of an HMAC, as text and as bytes.
        for secret in [public.as_bytes().to_vec(), URL_SAFE_NO_PAD.decode(&public).unwrap()] {
            let head = Header { kid: header["kid"].as_str().map(str::to_owned), ..Header::new(Algorithm::HS256) };
            refused("HS256", &jsonwebtoken::encode(&head, &claims, &EncodingKey::from_secret(&secret)).unwrap());
        }
        let (head, rest) = token.split_once('.').unwrap();
        let (body, signature) = rest.split_once('.').unwrap();
        refused(
            "algorithm renamed",
            &format!("{}.{body}.{signature}", encoded(&json!({"alg": "HS256", "kid": header["kid"]}))),
        );
        refused("a key in the header", &{
            let own = keys::generate().unwrap();
            let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": keys::read("k", &own).unwrap().public});
            signed(&json!({"alg": "EdDSA", "kid": header["kid"], "jwk": jwk}), &claims, &own)
        });
        refused("no kid", &signed(&json!({"alg": "EdDSA"}), &claims, &key));
        refused("another key", &signed(&header, &claims, &keys::generate().unwrap()));
        refused("empty signature", &format!("{head}.{body}."));
        refused("half a signature", &format!("{head}.{body}.{}", &signature[..40]));
        refused("signature of zeros", &format!("{head}.{body}.{}", URL_SAFE_NO_PAD.encode([0; 64])));
        refused("four parts", &format!("{token}.{signature}"));
        refused("huge", &format!("{head}.{body}.{}", "A".repeat(9_000)));
        refused("no dots", &"A".repeat(500));
        refused("dots", "...");
        refused("no base64", "!.~.@");
        refused("in text of JSON", &format!("\"{token}\""));
        for missing in ["exp", "nbf", "iss", "aud", "sub", "business", "scope", "jti"] {
            let mut claims = claims.clone();
            claims.as_object_mut().unwrap().remove(missing);
            refused(missing, &signed(&header, &claims, &key));
        }
        for (name, value) in [
            ("exp", json!("never")),
            ("exp", json!(-1)),
            ("sub", json!("")),
            ("sub", json!("nobody")),
            ("business", json!("other")),
            ("business", json!("")),
            ("client", json!(true)),
        ] {
            let mut claims = claims.clone();
            claims[name] = value.clone();
            refused(&format!("{name} = {value}"), &signed(&header, &claims, &key));
        }
        // Times at the edge of what a number holds are numbers, not a crash.
        let mut claims = claims.clone();
        claims["exp"] = json!(i64::MAX);
        let far = bearer(&app, &signed(&header, &claims, &key)).get(ME);
        assert!([200, 401].contains(&far.status), "{}", far.text);
        claims["nbf"] = json!(i64::MIN);
        let far = bearer(&app, &signed(&header, &claims, &key)).get(ME);
        assert!([200, 401].contains(&far.status), "{}", far.text);
    });
}

#[test]
fn a_token_opens_one_business_only() {
    on_both(|database| {
        let app = TestApp::sales(database);
        let (alice, ma_li) = (app.by("alice"), app.by_of("demo", "ma.li"));
        let made =
            ma_li.post("/api/v1/records/customer", json!({"fields": {"name": "宁波市拾光精密铸造有限公司"}})).ok(201);
        let path = format!("/api/v1/records/customer/{}", made["id"].as_str().unwrap());
        ma_li.get(&path).ok(200);
        app.user("ma.li", &["sales_ops", "admin", "process_admin"]);
        for caller in [&alice, &app.by("ma.li")] {
            let answer = caller.get(&path);
            assert!([404, 409, 422].contains(&answer.status), "{}", answer.text);
            assert!(!answer.text.contains("拾光"));
        }
        assert_eq!(app.by("ma.li").get("/api/v1/users").ok(200)["total"], 2);
    });
}

#[test]
fn secrets_are_never_shown() {
    let secret = "s3cret-s3cret";
    let grant = Grant::Password { business: "b".into(), user: "u".into(), password: secret.into(), scopes: None };
    let client =
        Grant::ClientCredentials { business: "b".into(), client: "c".into(), secret: secret.into(), scopes: None };
    let issued = tokens::IssuedToken { token: secret.into(), expires_in: 1, scopes: vec!["tasks:read".into()] };
    let url = format!("postgres://kamflow:{secret}@db.example:5432/kamflow");
    let settings = Settings { database: Some(url.into()), ..Settings::default() };
    let config: Config = read(settings.clone(), None).unwrap();
    let put = Change::PutClient {
        id: "c".into(),
        name: "C".into(),
        secret: secret.into(),
        scopes: Vec::new(),
        roles: Vec::new(),
    };
    let user = Change::PutUser {
        user: kamflow::model::directory::User {
            id: UserId::from("u"),
            name: "U".into(),
            active: true,
            roles: Vec::new(),
            attributes: Default::default(),
            created_at: Default::default(),
            version: 0,
        },
        password: Some(secret.into()),
    };
    let shown = [
        format!("{grant:?}"),
        format!("{client:?}"),
        format!("{issued:?}"),
        format!("{settings:?}"),
        format!("{config:?}"),
        format!("{put:?}"),
        format!("{user:?}"),
    ];
    for text in shown {
        assert!(!text.contains(secret), "{text}");
        assert!(text.contains("***"), "{text}");
    }
}

const ME: &str = "/api/v1/users/me";

fn with_password(database: &TestDatabase) -> TestApp {
    let app = TestApp::start(database);
    put_user(&app, "alice", true, &["admin", "process_admin", "operator"], Some(PASSWORD));
    app
}

fn with_client(database: &TestDatabase) -> TestApp {
    let app = with_password(database);
    let scopes = ["processes:write", "tasks:read"].map(str::to_owned).to_vec();
    let client = Change::PutClient {
        id: "shop".into(),
        name: "The shop".into(),
        secret: PASSWORD.into(),
        scopes,
        roles: vec!["integration".into()],
    };
    app.change(BUSINESS, client);
    app
}

fn put_user(app: &TestApp, login: &str, active: bool, roles: &[&str], password: Option<&str>) {
    let user = kamflow::model::directory::User {
        id: UserId::from(login),
        name: login.to_owned(),
        active,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        attributes: Default::default(),
        created_at: Default::default(),
        version: 0,
    };
    app.change(BUSINESS, Change::PutUser { user, password: password.map(Into::into) });
}

fn login(app: &TestApp, user: &str, password: &str, scope: Option<&str>) -> Answer {
    let mut body = json!({"grant_type": "password", "business": BUSINESS, "username": user, "password": password});
    if let Some(scope) = scope {
        body["scope"] = json!(scope);
    }
    ask(app, &body)
}

fn ask(app: &TestApp, body: &Json) -> Answer {
    app.send("POST", "/api/v1/auth/token", &[JSON], &body.to_string())
}

fn bearer<'a>(app: &'a TestApp, token: &str) -> Caller<'a> {
    app.with_authorization(&format!("Bearer {token}"))
}

/// The `Authorization` header of a token with one change.
fn cooked(app: &TestApp, token: &str, key: &str, recipe: &Json) -> String {
    let (mut header, mut claims) = opened(token);
    let now = app.runtime.now().0 / 1_000;
    let mut cut = None;
    let mut signature = None;
    let mut tampered = false;
    for (name, value) in recipe.as_object().unwrap() {
        match name.as_str() {
            "header_value" => return value.as_str().unwrap().to_owned(),
            "alg" => header["alg"] = value.clone(),
            "header" => header.as_object_mut().unwrap().extend(value.as_object().unwrap().clone()),
            "sig" => signature = value.as_str(),
            "parts" => cut = value.as_u64(),
            "exp" | "nbf" => {
                let offset: i64 = value.as_str().unwrap().strip_prefix("now").unwrap().parse().unwrap();
                claims[name] = json!(now + offset);
            }
            "iss" | "aud" => claims[name] = value.clone(),
            "tamper" => tampered = true,
            other => panic!("the recipe has an unknown step \"{other}\""),
        }
    }
    let token = signed(&header, &claims, key);
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    if tampered {
        claims["roles"] = json!(["admin"]);
        parts[1] = encoded(&claims);
    }
    if let Some(signature) = signature {
        parts[2] = signature.to_owned();
    }
    parts.truncate(cut.map_or(3, |cut| usize::try_from(cut).unwrap()));
    format!("Bearer {}", parts.join("."))
}

/// Header and claims of a token.
fn opened(token: &str) -> (Json, Json) {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let mut part = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (part(), part())
}

/// A token with any header and claims, signed with Ed25519.
fn signed(header: &Json, claims: &Json, private_key: &str) -> String {
    let text = format!("{}.{}", encoded(header), encoded(claims));
    let key = SigningKey::from_pkcs8_der(&STANDARD.decode(private_key).unwrap()).unwrap();
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(key.sign(text.as_bytes()).to_bytes()))
}

fn encoded(json: &Json) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// The key that signs, as the database keeps it.
fn private_key(database: &TestDatabase) -> String {
    kept_keys::list(&mut database.connect()).unwrap()[0].private_key.clone()
}
