//! keys: rotated from the command line while a server runs; and the settings of issuers and limits.

use super::set_up;
use crate::support::program::Home;
use serde_json::json;

#[test]
fn keys_are_rotated_beside_a_running_server() {
    let (home, _) = set_up();
    let served = home.serve(&[]);
    let old = home.done(&["token", "admin"]);
    served.client(old.trim()).get("/api/v1/users/me");
    let said = home.done(&["keys", "rotate"]);
    assert!(said.contains("signs from now on"), "{said}");
    let listed = home.done(&["keys", "list"]);
    let lines: Vec<&str> = listed.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains("EdDSA") && lines[0].contains("signs until a rotation"), "{listed}");
    assert!(lines[1].contains("verifies until 20"), "{listed}");
    let (new, former) = (lines[0].split('\t').next().unwrap(), lines[1].split('\t').next().unwrap());
    assert!(said.contains(new));
    // The server has not heard of it, and takes the tokens of both.
    let token = home.done(&["token", "admin"]);
    for token in [&old, &token] {
        served.client(token.trim()).get("/api/v1/users/me");
    }
    assert!(home.fails(&["keys", "retire", new]).contains("rotate the keys first"));
    assert!(home.fails(&["keys", "retire", "nothing"]).contains("nothing"));
    assert!(home.done(&["keys", "retire", former]).contains("verifies nothing more"));
    assert_eq!(home.done(&["keys", "list"]).lines().count(), 1);
    let published = served.client("").get("/.well-known/jwks.json").to_string();
    assert!(published.contains(new));
}

#[test]
fn issuers_that_make_no_sense_are_refused_before_anything_is_made() {
    let home = Home::empty();
    let issuer = |more: &str| format!("issuers:\n  - issuer: https://id.example\n    audiences: [kamflow]\n{more}");
    home.write("ca.pem", "no certificate");
    for (more, told) in [
        ("", "business"),
        ("    business: ''\n", "business names one"),
        ("    business: {claim: tenant, allowed: []}\n", "business names one"),
        ("    business: main\n    jwks_uri: http://id.example/jwks\n", "is not https"),
        ("    business: main\n    jwks_uri: ftp://id.example/jwks\n", "is not https"),
        ("    business: main\n    algorithms: [none]\n", "\"none\" is not one of"),
        ("    business: main\n    algorithms: []\n", "algorithms is empty"),
        ("    business: main\n    algorithms: [HS256]\n", "HS256 needs a secret"),
        ("    business: main\n    secret: s3cret-s3cret\n", "at least 32 bytes"),
        (
            "    business: main\n    secret: 0123456789abcdef0123456789abcdef\n    algorithms: [RS256, HS256]\n",
            "only algorithm",
        ),
        ("    business: main\n    secret: 0123456789abcdef0123456789abcdef\n    jwks_uri: https://x/y\n", "not both"),
        ("    business: main\n    scopes: {openid: [task:read]}\n", "\"task:read\" is not a scope"),
        ("    business: main\n    roles: {claim: groups, map: {chiefs: [sales_rep, admin]}}\n", "never by a claim"),
        ("    business: main\n    roles: {claim: groups, map: {chiefs: [operator]}}\n", "never by a claim"),
        ("    business: main\n    ca_file: nowhere.pem\n", "nowhere.pem"),
        ("    business: main\n    ca_file: ca.pem\n", "no certificate"),
        ("    business: main\n    create_user: true\n", "create_user"),
    ] {
        home.write("kamflow.yaml", &issuer(more));
        let sentence = home.fails(&["migrate"]);
        assert!(sentence.contains(told) && !sentence.contains("s3cret"), "{more}: {sentence}");
    }
    for (file, told) in [
        ("issuers: [{issuer: kamflow, audiences: [x], business: main}]\n", "a name of its own"),
        ("issuers: [{issuer: https://x, audiences: [], business: main}]\n", "audiences names at least one"),
        ("requests_per_caller: -1\n", "requests_per_caller"),
        ("trusted_proxies: [10.0.0.0/40]\n", "10.0.0.0/40"),
    ] {
        home.write("kamflow.yaml", file);
        let sentence = home.fails(&["migrate"]);
        assert!(sentence.contains(told), "{file}: {sentence}");
    }
    let twice = issuer("    business: main\n") + "  - {issuer: https://id.example, audiences: [a], business: b}\n";
    home.write("kamflow.yaml", &twice);
    assert!(home.fails(&["migrate"]).contains("given twice"));
    home.write("kamflow.yaml", "");
    for (variable, value, told) in [
        ("KAMFLOW_TRUSTED_PROXIES", "10.0.0.1,everybody", "everybody"),
        ("KAMFLOW_KEY_ENCRYPTION_KEY", "c2hvcnQ=", "32 bytes in base64"),
    ] {
        let sentence = home.run_with(&[(variable, value)], &["keys", "list"]).sentence();
        assert!(sentence.contains(told) && !sentence.contains("c2hvcnQ="), "{variable}: {sentence}");
    }
    assert!(!home.path("kamflow.db").exists() || home.done(&["keys", "list"]).contains("signs"));
}

#[test]
fn every_configuration_of_the_page_of_identity_is_taken() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/identity.md")).unwrap();
    let examples: Vec<&str> = text.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() >= 3, "{examples:?}");
    let home = Home::empty();
    for example in examples {
        home.write("kamflow.yaml", example);
        assert!(home.done(&["keys", "list"]).contains("signs"), "{example}");
    }
}

/// Everything that is secret, used by a run at its most talkative.
#[test]
fn a_run_logs_no_secret_of_identity() {
    let (home, password) = set_up();
    let (shared, key) = ("shared-0123456789abcdef-0123456789", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
    let issuer =
        format!("issuers: [{{issuer: https://id.example, audiences: [kamflow], business: main, secret: {shared}}}]\n");
    home.write("kamflow.yaml", &format!("{issuer}key_encryption_key: {key}\n"));
    let served = home.serve(&["--log", "trace"]);
    let ask = |body: serde_json::Value| served.client("").post("/api/v1/auth/token", body);
    let admin =
        ask(json!({"grant_type": "password", "business": "main", "username": "admin", "password": password})).ok(200);
    let admin = admin["access_token"].as_str().unwrap().to_owned();
    let caller = served.client(&admin);
    let client = json!({"name": "Shop", "secret": "s3cret-of-shop", "scopes": ["tasks:read", "directory:read"], "actAs": ["user:admin"]});
    caller.send("PUT", "/api/v1/clients/shop", Some(&client)).unwrap().ok(200);
    let rotated = json!({"secret": "s3cret-of-shop-2"});
    caller.post("/api/v1/clients/shop/rotate-secret", rotated).ok(200);
    let shop = |secret: &str| {
        ask(json!({"grant_type": "client_credentials", "business": "main", "client_id": "shop",
        "client_secret": secret, "act_as": "admin"}))
    };
    let acting = shop("s3cret-of-shop-2").ok(200)["access_token"].as_str().unwrap().to_owned();
    shop("s3cret-guess-of-shop").problem(401, "invalid_client");
    served.client(&acting).get("/api/v1/users/me");
    caller.post("/api/v1/signing-keys/rotate", json!({})).ok(201);
    // A token of the issuer, good and forged, and one that is nobody's.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let claims =
        json!({"iss": "https://id.example", "aud": "kamflow", "sub": "eve", "iat": now, "exp": now + 60, "scope": ""});
    let outside = |secret: &str| {
        let secret = jsonwebtoken::EncodingKey::from_secret(secret.as_bytes());
        jsonwebtoken::encode(&jsonwebtoken::Header::default(), &claims, &secret).unwrap()
    };
    let (good, forged) = (outside(shared), outside("another"));
    for token in [&good, &forged] {
        served.client(token).send("GET", "/api/v1/users/me", None).unwrap().problem(401, "unauthenticated");
    }
    let change = json!({"current": password, "new": "s3cret-of-admin"});
    caller.post("/api/v1/auth/password", change).ok(200);
    served.terminate();
    let (code, said) = served.ended();
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("clients/{id}/rotate-secret"), "the run was talkative");
    let signature = |token: &str| token.rsplit('.').next().unwrap().to_owned();
    let tokens = [&admin, &acting, &good, &forged].map(|token| signature(token));
    for secret in tokens.iter().map(String::as_str).chain([
        password.as_str(),
        "s3cret-",
        shared,
        key,
        "$argon2",
        "chacha20-poly1305:",
    ]) {
        let line = said.lines().find(|line| line.contains(secret));
        assert!(line.is_none(), "the log holds a secret: {}", line.unwrap_or_default());
    }
}
