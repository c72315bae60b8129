//! `kamflow org import`: all of it or nothing, and every wrong row told with its place.

use super::company::{Company, NOW};
use crate::support::on_both;
use crate::support::program::Home;
use kamflow::model::authority::Limits;
use kamflow::model::directory::{Period, Unit, UnitKind};
use kamflow::model::ids::BusinessId;
use kamflow::model::org_import::{Line, OrgImport, Person, Tally};
use kamflow::model::text::Text;
use kamflow::model::time::Timestamp;
use kamflow::model::window::Window;
use kamflow::runtime::operator;
use kamflow::runtime::request::{Change, Outcome, Request};
use serde_json::json;

const USERS: &str = "\u{feff}login,name,roles,active,attributes\n\
                     carl,卡尔,bu_head,,\n\
                     bo,\"Bo, the elder\",manager; sales_rep,true,\"{\"\"capacity\"\": 40}\"\n\
                     anna,Anna,sales_rep,,\n";
const UNITS: &str = "id,title,title_zh,kind,parent\nnorth,North,华北,region,company\ncompany,Company,公司,company,\n";
const POSITIONS: &str = "id,unit,title,user,manager,valid_from,valid_to\n\
                         rep,north,Rep,anna,lead,,2026-07-01\n\
                         rep,north,Rep,,lead,2026-07-01,\n\
                         lead,north,Lead,bo,head,,\n\
                         head,company,Head,carl,,,\n";

fn home() -> Home {
    let home = Home::with_project();
    home.done(&["business", "add", "acme", "--title", "Acme"]);
    home
}

#[test]
fn an_organisation_comes_in_from_spreadsheets() {
    let home = home();
    for (name, text) in [("users", USERS), ("units", UNITS), ("positions", POSITIONS)] {
        home.write(&format!("org/{name}.csv"), text);
    }
    let import = ["org", "import", "org", "--business", "acme"];
    let told = home.done(&[&import[..], &["--dry-run"]].concat());
    assert!(told.contains("users: 3 new, 0 changed, 0 as they were"), "{told}");
    assert!(told.contains("dry run"), "{told}");
    assert!(!home.done(&["user", "list", "--business", "acme"]).contains("anna"), "nothing was written");
    let told = home.done(&import);
    assert!(told.contains("positions: 3 new") && told.contains("taken over"), "{told}");
    assert!(home.done(&["user", "list", "--business", "acme"]).contains("bo\tBo, the elder\tmanager,sales_rep"));
    let told = home.done(&import);
    assert!(told.contains("users: 0 new, 0 changed, 3 as they were"), "{told}");
    assert!(told.contains("positions: 0 new, 0 changed, 3 as they were"), "{told}");

    home.write("org/users.csv", "login,name\nanna,Anna Li\n");
    let told = home.done(&["org", "import", "org/users.csv", "--business", "acme"]);
    assert!(told.contains("users: 0 new, 1 changed, 0 as they were"), "{told}");
    let listed = home.done(&["user", "list", "--business", "acme"]);
    assert!(listed.contains("anna\tAnna Li\tsales_rep"), "what the file does not tell stays: {listed}");

    let served = home.serve(&[]);
    let token = home.done(&["token", "carl", "--business", "acme"]);
    let client = served.client(token.trim());
    let seen = client.get("/api/v1/positions/rep");
    assert_eq!(seen["periods"][0]["validTo"], "2026-06-30T16:00:00Z", "a day begins in Shanghai");
    let above = client.get("/api/v1/users/anna/superiors?at=2026-06-30T15:59:59Z");
    assert_eq!(above["items"][0]["name"], "Bo, the elder");
    assert_eq!(client.get("/api/v1/users/anna/superiors?at=2026-06-30T16:00:00Z")["total"], 0);
    assert_eq!(client.get("/api/v1/users/bo")["attributes"], json!({"capacity": 40}));
}

#[test]
fn every_wrong_row_is_told_and_nothing_is_taken_over() {
    let home = home();
    home.write("org/users.csv", USERS);
    home.write("org/units.csv", "id,title,kind,parent\nnorth,North,region,company\ncompany,Company,company,north\n");
    home.write(
        "org/positions.csv",
        "id,unit,title,user,manager,valid_from,valid_to\n\
         rep,moon,Rep,nobody,lead,,\n\
         lead,north,Lead,bo,rep,,\n\
         lead,north,Lead,bo,rep,2026-01-01,\n\
         b b,north,B,,,2026-02-01,2026-01-01\n",
    );
    let import = ["org", "import", "org", "--business", "acme"];
    let said = home.run(&import);
    assert_eq!(said.code, Some(1));
    for place in [
        "org/units.csv:3: unit company would belong to itself: company -> north -> company",
        "org/positions.csv:2: there is no unit \"moon\"",
        "org/positions.csv:2: there is no user \"nobody\"",
        "org/positions.csv:4: position \"lead\" is there twice for the same time, in org/positions.csv:3 too",
        "org/positions.csv:5: \"b b\" is not a position",
        "org/positions.csv:5: it ends before it begins",
        "would stand above itself",
        "nothing was taken over",
    ] {
        assert!(said.err.contains(place), "{place} is missing in {}", said.err);
    }
    assert!(!home.done(&["user", "list", "--business", "acme"]).contains("anna"));

    home.write("org/users.csv", "login;name\nanna;Anna\n");
    assert!(home.run(&import).err.contains("org/users.csv:1: columns are separated by commas"));
    home.write("org/users.csv", "login,nane\nanna,Anna\n");
    let said = home.run(&import).err;
    assert!(said.contains("users.csv:1: unknown column \"nane\"; did you mean \"name\"?"), "{said}");
    assert!(said.contains("users.csv:1: the column \"name\" is missing"), "{said}");
    home.write("org/users.csv", "login,name,active,attributes\nanna,Anna\nbo,,,\ncarl,C,maybe,\ndora,D,,[]\n");
    home.write("org/units.csv", "id,title,kind\nnorth,North,galaxy\n");
    home.write("org/positions.csv", "id,unit,title,valid_from\nrep,north,Rep,soon\n");
    let said = home.run(&import).err;
    for place in [
        "users.csv:2: this row has 2 cells, and the first line 4",
        "users.csv:3: \"name\" is empty",
        "users.csv:4: active is true or false, not \"maybe\"",
        "users.csv:5: attributes are a JSON object",
        "units.csv:2: unknown kind \"galaxy\"",
        "positions.csv:2: valid_from is a day such as 2026-07-01",
    ] {
        assert!(said.contains(place), "{place} is missing in {said}");
    }
    std::fs::write(home.path("org/users.csv"), b"login,name\nanna,\xc0\xee\n").unwrap();
    assert!(home.run(&import).err.contains("users.csv:2: this is not UTF-8"));
    assert!(home.fails(&["org", "import", "workflows", "--business", "acme"]).contains("there is no users.csv"));
    home.write("people.csv", "login,name\n");
    assert!(home.fails(&["org", "import", "people.csv", "--business", "acme"]).contains("only users.csv"));
    assert!(home.fails(&["org", "import", "nothing.csv", "--business", "acme"]).contains("nothing.csv"));
    assert!(home.fails(&["org", "import", "org", "--business", "nobody"]).contains("nobody"));
}

#[test]
fn an_import_is_one_change_on_both_databases() {
    on_both(|database| {
        let company = Company::start(database);
        let limits =
            json!({"unit": "north", "title": "Lead", "user": "bo", "manager": "head", "limits": {"discount": 1}});
        company.seat("lead-north", limits).ok(200);
        let row = |line: usize, id: &str, user: &str, manager: &str| Line {
            at: format!("positions.csv:{line}"),
            value: (
                id.to_owned(),
                Period {
                    window: Window { from: Timestamp::parse("2026-07-01T00:00:00Z").unwrap(), ..Window::ALWAYS },
                    unit: "west".to_owned(),
                    title: id.to_owned(),
                    user: Some(user.into()),
                    manager: Some(manager.to_owned()),
                    limits: Limits::new(),
                },
            ),
        };
        let person = |line: usize, id: &str, active: Option<bool>| Line {
            at: format!("users.csv:{line}"),
            value: Person { id: id.into(), name: id.to_owned(), active, roles: None, attributes: None },
        };
        let west = Unit {
            id: "west".to_owned(),
            parent: Some("company".to_owned()),
            title: Text::same("West"),
            kind: UnitKind::Region,
            version: 0,
        };
        let import = OrgImport {
            users: vec![person(2, "gus", None), person(3, "dora", Some(false)), person(4, "ed", None)],
            units: vec![Line { at: "units.csv:2".to_owned(), value: west }],
            positions: vec![row(2, "lead-north", "gus", "head"), row(3, "rep-3", "fay", "lead-north")],
            dry_run: false,
        };
        let run = |import: OrgImport| {
            let (actor, change) = (operator(BusinessId::from("main")), Change::ImportOrganisation(Box::new(import)));
            company.app.wait(company.app.runtime.execute(Request { actor, change, idempotency: None, if_match: None }))
        };
        let mut wrong = import.clone();
        wrong.positions.push(row(4, "head", "carl", "rep-3"));
        wrong.users.push(person(5, "gus", None));
        let refusal = run(wrong).unwrap_err();
        let places: Vec<(&str, &str)> =
            refusal.errors.iter().map(|error| (error.pointer.as_str(), error.code.as_str())).collect();
        assert_eq!(places, [("users.csv:5", "twice"), ("positions.csv:4", "cycle")], "{refusal:?}");
        assert_eq!(company.app.by("alice").get("/api/v1/users/gus").status, 404, "nothing is there");

        let counts = |created, changed, same| Tally { created, changed, same };
        let dry = run(OrgImport { dry_run: true, ..import.clone() }).unwrap().outcome;
        assert_eq!(company.app.by("alice").get("/api/v1/org-units/west").status, 404);
        let Outcome::OrgImported(done) = run(import.clone()).unwrap().outcome else { panic!("no import") };
        assert_eq!(dry, Outcome::OrgImported(done));
        assert_eq!((done.users, done.units, done.positions), (counts(1, 1, 1), counts(1, 0, 0), counts(1, 1, 0)));
        assert_eq!(company.above("fay", "2026-07-01T00:00:00Z"), ["gus", "carl"]);
        assert_eq!(company.above("anna", NOW), ["bo", "carl"]);
        assert_eq!(company.below("carl", "2026-07-01T00:00:00Z"), ["dora", "gus", "anna", "ed", "fay"]);
        assert_eq!(company.above("dora", NOW), ["carl"], "who left has superiors");
        let lead = company.app.by("alice").get("/api/v1/positions/lead-north").ok(200);
        assert_eq!(lead["periods"][1]["limits"], json!({"discount": 1}), "the files do not tell of limits");
        let Outcome::OrgImported(again) = run(import).unwrap().outcome else { panic!("no import") };
        assert_eq!((again.users.same, again.units.same, again.positions.same), (3, 1, 2));
    });
}
