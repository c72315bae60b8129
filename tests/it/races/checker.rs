//! The checker itself: what could have happened passes, what could not is refused.

use super::approval;
use super::linear::{Recorded, order};
use super::task::{Asked, Call, Rules, Seen, Told};

fn task(state: &str, assignee: Option<&str>, version: i64) -> Seen {
    let assignee = assignee.map(str::to_owned);
    Seen { state: state.to_owned(), assignee, version, ..Seen::new() }
}

fn told((begin, end): (u64, u64), by: &'static str, call: Call, answer: Told) -> Recorded<Asked, Told> {
    Recorded { begin, end, call: Asked { by, call }, answer }
}

fn refused(code: &str) -> Told {
    Told::Refused { code: code.to_owned(), present: None }
}

#[test]
fn calls_at_the_same_time_may_have_happened_in_any_order() {
    let taken = Told::Task(task("claimed", Some("bob"), 2));
    let history = [
        told((0, 3), "ann", Call::Claim, refused("task_already_claimed")),
        told((1, 2), "bob", Call::Claim, taken),
        told((4, 5), "bob", Call::Unclaim, Told::Task(task("created", None, 3))),
    ];
    assert_eq!(order(&Rules, Seen::new(), &history), Ok(vec![1, 0, 2]));
}

#[test]
fn two_who_both_have_it_are_refused() {
    let history = [
        told((0, 3), "ann", Call::Claim, Told::Task(task("claimed", Some("ann"), 2))),
        told((1, 2), "bob", Call::Claim, Told::Task(task("claimed", Some("bob"), 2))),
    ];
    assert_eq!(order(&Rules, Seen::new(), &history).map_err(|longest| longest.len()), Err(1));
}

#[test]
fn what_was_answered_before_is_seen_by_who_asks_later() {
    let taken = Told::Task(task("claimed", Some("ann"), 2));
    let late = |begin| {
        [
            told((0, 1), "ann", Call::Claim, taken.clone()),
            told((begin, 3), "bob", Call::Get, Told::Task(task("created", None, 1))),
        ]
    };
    assert!(order(&Rules, Seen::new(), &late(0)).is_ok(), "at the same time it may have been seen before");
    assert_eq!(order(&Rules, Seen::new(), &late(2)), Err(vec![0]), "a stale read");
}

#[test]
fn a_lost_change_is_refused() {
    let history = [
        told((0, 1), "ann", Call::Claim, Told::Task(task("claimed", Some("ann"), 2))),
        told((2, 3), "ann", Call::Complete, Told::Task(task("completed", Some("ann"), 3))),
        told((4, 5), "bob", Call::Claim, Told::Task(task("claimed", Some("bob"), 4))),
    ];
    assert_eq!(order(&Rules, Seen::new(), &history), Err(vec![0, 1]));
    let history = [
        told((0, 1), "ann", Call::Claim, Told::Task(task("claimed", Some("ann"), 2))),
        told((2, 3), "ann", Call::Unclaim, refused("task_not_claimed")),
    ];
    assert_eq!(order(&Rules, Seen::new(), &history), Err(vec![0]));
}

#[test]
fn a_vote_that_was_counted_twice_is_refused() {
    let first = || approval::Stand::new(&["v0", "v1", "v2", "v3"]);
    assert!(order(&approval::Rules, first(), &[vote((0, 3), "v0", "v0"), vote((1, 2), "v1", "v1")]).is_ok());
    let twice = [vote((0, 3), "v0", "v0"), vote((1, 2), "v0", "v0")];
    assert!(order(&approval::Rules, first(), &twice).is_err(), "the same voter");
    let three = [vote((0, 5), "v0", "v0"), vote((1, 4), "v1", "v1"), vote((2, 3), "v2", "v2")];
    assert!(order(&approval::Rules, first(), &three).is_err(), "two were enough");
}

#[test]
fn a_vote_of_whoever_does_not_have_it_is_refused() {
    let first = || approval::Stand::new(&["v0", "v1", "v2", "v3"]);
    let delegate = |(begin, end), to| Recorded {
        begin,
        end,
        call: approval::Asked { by: "v0", call: approval::Call::Delegate { vote: "v0", to } },
        answer: approval::Told::Done,
    };
    let given = [delegate((0, 1), "v1"), vote((2, 3), "v1", "v0")];
    assert!(order(&approval::Rules, first(), &given).is_ok(), "by the delegate");
    let kept = [delegate((0, 1), "v1"), vote((2, 3), "v0", "v0")];
    assert!(order(&approval::Rules, first(), &kept).is_err(), "by who has delegated it");
    let both = [delegate((0, 1), "v1"), vote((2, 3), "v1", "v1"), vote((4, 5), "v1", "v0")];
    assert!(order(&approval::Rules, first(), &both).is_err(), "two votes of one person");
}

fn vote((begin, end): (u64, u64), by: &'static str, vote: &'static str) -> Recorded<approval::Asked, approval::Told> {
    let call = approval::Call::Decide { vote, decision: "approve" };
    Recorded { begin, end, call: approval::Asked { by, call }, answer: approval::Told::Done }
}
