//! How the databases go about searches: declared fields and columns are found by an index, never by reading the table
//! from end to end.

use super::{Place, Search, acme, money, with_deals};
use diesel::connection::SimpleConnection;
use kamflow::model::filter;
use kamflow::plugins::records::{Asking, lookup};
use kamflow::store::Connection;
use kamflow::store::records::{self, Of, Order, RecordQuery, Sight, Tie};
use serde_json::{Value as Json, json};

/// The words of the database for a search.
pub fn explained(place: &mut Place, filter: &Json, sort: Option<&str>, sight: Sight, few: i64) -> Vec<String> {
    let search =
        Search { few, ..sort.map_or_else(|| Search::of(filter.clone()), |sort| Search::by(filter.clone(), sort)) };
    let definitions = &place.library.definitions;
    let asking = Asking {
        definitions,
        record_type: &definitions.records["deal"],
        readable: &|_| true,
        me: None,
        past: false,
        few,
    };
    let filter = filter::parse(search.filter.as_object().unwrap().clone(), "").unwrap();
    let lookup = lookup(asking, &acme(), sight, &filter, search.sort.as_ref()).unwrap();
    assert!(lookup.is_indexed(), "{search:?}");
    let query = RecordQuery { asked: lookup.asked().clone(), order: lookup.order().clone(), after: None, limit: 50 };
    records::explain(place.conn, &query).unwrap()
}

#[test]
fn columns_and_declared_fields_are_found_by_their_index() {
    with_deals(|place| {
        for number in 0..30 {
            place.put(json!({
                "name": format!("n{number}"), "owner": "ann", "status": "open", "stage": "s1", "amount": money("1.00", "CNY"),
                "close": "2026-01-01", "region": "n", "size": number, "seen": "2026-01-31T08:00:00Z", "industry": "bank",
                "tags": ["a"], "team": [{"user": "bob"}],
            }));
        }
        if matches!(place.conn, Connection::Postgres(_)) {
            // Small tables are read whole because they are small.
            place.conn.batch_execute("ANALYZE; SET enable_seqscan = off").unwrap();
        }
        let tie = |place| Tie { place, of: Of::Person("bob".into()) };
        let own = Sight::Any(vec![tie(records::Place::Owner), tie(records::Place::Indexed("team.user".to_owned()))]);
        let filters = [
            json!({}),
            json!({"status": "open"}),
            json!({"owner": "ann", "status": {"$in": ["open", "won"]}}),
            json!({"amount": {"$gte": money("1.00", "CNY")}}),
            json!({"close": {"$gte": "2026-01-01", "$lt": "2026-02-01"}}),
            json!({"name": {"$like": "n1%"}}),
            json!({"parent": {"$under": "r00001"}}),
            json!({"region": "n"}),
            json!({"size": {"$gt": 3}}),
            json!({"industry": "bank", "size": {"$gt": 3}}),
            json!({"tags": "a"}),
            json!({"team.user": "bob"}),
            json!({"$text": "n1"}),
            json!({"$or": [{"owner": "ann"}, {"region": "n"}]}),
            json!({"createdAt": {"$gte": "1970-01-01T00:00:00Z"}}),
            json!({"region": {"$exists": false}}),
            json!({"status": {"$neq": "open"}}),
        ];
        let sorts = [
            None,
            Some("-createdAt"),
            Some("name"),
            Some("-close"),
            Some("amount"),
            Some("size"),
            Some("-region"),
            Some("updatedAt"),
        ];
        for filter in &filters {
            for sort in sorts {
                for (sight, few) in [(Sight::All, 10_000), (Sight::All, 0), (own.clone(), 10_000), (own.clone(), 0)] {
                    let said = explained(place, filter, sort, sight.clone(), few);
                    let whole = said.iter().find(|line| reads_a_table(line));
                    assert!(whole.is_none(), "{filter} {sort:?} {sight:?} few {few}: {whole:?}\n{}", said.join("\n"));
                }
            }
        }
    });
}

/// Whether a line tells of a table of records, or of their index, that is read from end to end.
fn reads_a_table(line: &str) -> bool {
    let sqlite = ["t", "i", "o", "x", "r", "records", "record_index"]
        .iter()
        .any(|table| *line == format!("SCAN {table}") || line.starts_with(&format!("SCAN {table} USING")));
    sqlite || line.contains("Seq Scan on record")
}

#[test]
fn a_broad_search_walks_the_order_and_sorts_nothing() {
    with_deals(|place| {
        for number in 0..100 {
            place.put(json!({"name": format!("n{number}"), "status": "open", "close": "2026-01-01", "size": number}));
        }
        if matches!(place.conn, Connection::Postgres(_)) {
            // Whether few rows are sorted is a matter of cost, and of how full their pages are; whether an index is there
            // that has them in this order is not: without one, a sort stays in the plan.
            place.conn.batch_execute("ANALYZE; SET enable_sort = off; SET enable_incremental_sort = off").unwrap();
        }
        for (filter, sort) in [
            (json!({}), None),
            (json!({"status": "open"}), None),
            (json!({"size": 7}), Some("-id")),
            (json!({"status": "open"}), Some("-createdAt")),
            (json!({"status": {"$neq": "won"}}), Some("name")),
            (json!({}), Some("amount")),
            (json!({}), Some("-size")),
            (json!({"status": "open"}), Some("close")),
        ] {
            let said = explained(place, &filter, sort, Sight::All, 0);
            let sorts = said.iter().find(|line| line.contains("TEMP B-TREE") || line.contains("Sort "));
            assert!(sorts.is_none(), "{filter} {sort:?}: {}", said.join("\n"));
        }
        assert_eq!(Order::made(), Order { by: records::By::Id, lacking: None, descending: false });
    });
}

#[test]
fn every_index_of_records_says_how_selective_it_is() {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Index {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    with_deals(|place| {
        let kamflow::store::Connection::Sqlite(file) = place.conn else { return };
        let without = diesel::sql_query(
            "SELECT i.name FROM sqlite_schema AS s JOIN pragma_index_list(s.name) AS i \
             WHERE s.name IN ('records', 'record_index', 'record_periods') AND NOT EXISTS (SELECT 1 FROM sqlite_stat1 AS t \
             WHERE t.tbl = s.name AND (t.idx = i.name OR t.idx = s.name AND i.origin = 'pk')) ORDER BY i.name",
        );
        let without: Vec<String> = without.load::<Index>(file).unwrap().into_iter().map(|index| index.name).collect();
        assert!(
            without.is_empty(),
            "{without:?}: add lines to sqlite_stat1 as migration 000092 does, in a new migration"
        );
    });
}
