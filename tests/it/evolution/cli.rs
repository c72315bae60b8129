//! `kamflow deploy` with records in place: the report is readable, and it waits until every record is there.

use super::*;
use crate::support::on_both;
use crate::support::program::Home;

fn home(client: &str, script: &str) -> Home {
    let home = Home::empty();
    for (path, text) in crate::runtime::project(&files(client, script)) {
        home.write(&path, &text);
    }
    home
}

#[test]
fn deploy_tells_what_it_would_break_and_waits_for_what_it_changes() {
    on_both(|database| {
        let app = first(database);
        let blue = client(&app, json!({"name": "Blue One", "colour": "blue"}));
        fill(&app, (0..450).map(|number| format!("N {number}")));
        drop(app);
        let database = ["--database", database.url()];
        let deploy =
            |home: &Home, more: &[&str]| home.run(&[&["deploy", "--business", "main"], more, &database].concat());

        let narrow = home(&FIRST.replace("values: [red, green, blue]", "values: [red, green]"), SMALL);
        let dry = deploy(&narrow, &["--dry-run"]);
        let told = format!("client.colour: expected one of red, green, found the text \"blue\" (1 record: {blue})");
        assert!(dry.out.contains(&told), "{dry:?}");
        assert!(dry.sentence().contains("this would not be deployed"), "{dry:?}");
        let refused = deploy(&narrow, &[]).sentence();
        assert!(refused.contains("1 problem with records that are there; nothing was deployed"), "{refused}");
        assert!(refused.contains(&told), "{refused}");

        let close = home(FIRST, CLOSE);
        let dry = deploy(&close, &["--dry-run"]);
        assert_eq!(dry.code, Some(0), "{dry:?}");
        assert!(dry.out.contains("this would be deployed"), "{dry:?}");
        let done = deploy(&close, &[]);
        assert_eq!(done.code, Some(0), "{done:?}");
        assert!(done.out.contains("deployed revision 2 is active"), "{done:?}");
        assert!(done.out.contains("client: 451 of 451 records are brought to the new rules"), "{done:?}");
        // Back, without waiting; then whoever comes next does it.
        let left = deploy(&home(FIRST, SMALL), &["--no-wait"]);
        assert!(!left.out.contains("brought to the new rules"), "{left:?}");
        let again = deploy(&home(FIRST, SMALL), &[]);
        assert!(again.out.contains("nothing changed; revision 3 is active"), "{again:?}");
        assert!(again.out.contains("client: 451 of 451 records are brought to the new rules"), "{again:?}");
    });
}
