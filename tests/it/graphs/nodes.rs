//! Writes the nodes of a random graph.

use super::generate::{Generator, Inside, Slot};
use std::fmt::Write;

/// Where a node stands.
pub(super) struct Around<'a> {
    pub indent: &'a str,
    /// What lies behind it.
    pub forward: &'a [String],
    /// That, and what it may lead back to.
    pub ahead: &'a [String],
    pub inside: Inside,
    pub deep: usize,
}

impl Generator {
    /// Writes a node; what undoes it goes to `undoing`.
    pub(super) fn node(&mut self, text: &mut String, undoing: &mut String, slot: &Slot, around: &Around) {
        let Around { indent, ahead, inside, .. } = *around;
        let id = &slot.id;
        let what = match slot.kind {
            "end" => {
                let end = self.end(inside);
                writeln!(text, "{indent}- {{id: {id}, type: endEvent{end}}}").unwrap();
                return;
            }
            "first" => return self.first(text, indent, slot, ahead),
            "sub" => return self.sub_process(text, slot, around),
            "outcomes" => {
                let paths: Vec<String> =
                    slot.targets.iter().enumerate().map(|(at, to)| format!("o{at}: {to}")).collect();
                let edges = self.edges(around);
                let what = format!("type: userTask, candidateGroups: [sales], outcomes: {{{}}}", paths.join(", "));
                writeln!(text, "{indent}- {{id: {id}, {what}{edges}}}").unwrap();
                return;
            }
            "vote" => {
                let vote = self.vote(slot, around);
                writeln!(text, "{indent}- {{id: {id}, {vote}}}").unwrap();
                return;
            }
            "anew" => return self.anew(text, slot, around),
            "user" | "each" => {
                let more = if slot.kind == "each" { format!(", {}", self.for_each()) } else { self.said() };
                let more = more + self.beside(undoing, around).as_str();
                format!("userTask, candidateGroups: [sales]{more}")
            }
            "script" => {
                let set =
                    self.any(&["a: a + 1", "b: b - 1", "b: b + 1", "c: '7 / (b - 2)'", "c: d", "e: e + 1", "c: a * b"]);
                format!("scriptTask, set: {{{set}}}")
            }
            "job" => {
                let edges = self.edges(around);
                format!("serviceTask, job: work, in: {{a: a}}, out: {{c: result.c}}, retry: {{times: 1}}{edges}")
            }
            "catch" => {
                let on = self.any(&["timer: {duration: PT1H}", "message: m2", "signal: t1", "condition: 'e > 1'"]);
                format!("intermediateCatchEvent, {on}")
            }
            "receive" => {
                let edges = self.edges(around);
                let on = self.any(&["", ", message: m3, correlate: a, out: {c: result.c}"]);
                format!("receiveTask{on}{edges}")
            }
            "throw" => {
                let what = self.any(&["", ", signal: t1", ", escalation: E1", ", compensate: all", ", message: m9"]);
                format!("intermediateThrowEvent{what}")
            }
            "send" => "sendTask, message: m2".to_owned(),
            "call" => {
                let edges = self.edges(around);
                format!("callActivity, process: called, in: all, out: all{edges}")
            }
            "complex" => {
                let rest = self.any(&["absorb", "cancel"]);
                format!("complexGateway, join: {{n: {}, rest: {rest}}}", 1 + self.random.below(2))
            }
            "exclusive" => "exclusiveGateway".to_owned(),
            "inclusive" => "inclusiveGateway".to_owned(),
            _ => "parallelGateway".to_owned(),
        };
        let out = self.leaving(slot);
        writeln!(text, "{indent}- {{id: {id}, type: {what}{out}}}").unwrap();
    }

    /// An approval of one or two levels.
    fn vote(&mut self, slot: &Slot, around: &Around) -> String {
        let modes = [
            "any",
            "all",
            "sequential",
            "{quorum: 2}",
            "{quorum: 3, weight: approver.attributes.votes ?? 1, veto: [manager]}",
        ];
        let levels: Vec<String> = (0..1 + self.random.below(2))
            .map(|_| format!("{{approvers: '[\"bob\", \"carol\", \"dave\"]', mode: {}}}", self.any(&modes)))
            .collect();
        let more = self.any(&["", ", whenRepeated: each", ", notSameAs: [submitter]", ", due: {after: PT1H}"]);
        let to = |at: usize| &slot.targets[at % slot.targets.len()];
        let outcomes = format!("{{approved: {}, rejected: {}, returned: {}}}", to(0), to(1), to(2));
        let edges = self.edges(around);
        let levels = levels.join(", ");
        format!(
            "type: approval, of: [a, b], levels: [{levels}], mayAddApprovers: [approver]{more}, outcomes: {outcomes}{edges}"
        )
    }

    /// An approval of a record that is given anew when it changes, what is on the way, and the node until which it counts.
    fn anew(&mut self, text: &mut String, slot: &Slot, around: &Around) {
        let indent = around.indent;
        let (first, last) = (self.fresh('p'), self.fresh('u'));
        let user = "type: userTask, candidateGroups: [sales]";
        let way = match self.random.below(5) {
            0 => String::new(),
            1 => format!("{indent}- {{id: {first}, {user}, next: {last}}}\n"),
            2 => {
                let [one, other, join] = ['p', 'p', 'j'].map(|letter| self.fresh(letter));
                format!(
                    "{indent}- {{id: {first}, type: parallelGateway, next: [{one}, {other}]}}\n\
                     {indent}- {{id: {one}, {user}, next: {join}}}\n{indent}- {{id: {other}, {user}, next: {join}}}\n\
                     {indent}- {{id: {join}, type: parallelGateway, next: {last}}}\n"
                )
            }
            3 => {
                let [inside, beside] = ['p', 'p'].map(|letter| self.fresh(letter));
                let inner = format!("[{{id: {inside}, {user}}}, {{id: {beside}, {user}, forEach: {{count: 2}}}}]");
                format!("{indent}- {{id: {first}, type: subProcess, next: {last}, nodes: {inner}}}\n")
            }
            _ => format!(
                "{indent}- {{id: {first}, type: callActivity, process: called, in: all, out: all, next: {last}}}\n"
            ),
        };
        let mode = self.any(&["any", "all", "sequential", "{quorum: 2}"]);
        let to = |at: usize| &slot.targets[at % slot.targets.len()];
        let approved = if way.is_empty() { &last } else { &first };
        let edges = self.edges(around);
        writeln!(
            text,
            "{indent}- {{id: {}, type: approval, of: [a, subject.amount], onChange: reapprove, until: {last}, \
             levels: [{{approvers: '[\"bob\", \"carol\", \"dave\"]', mode: {mode}}}], \
             outcomes: {{approved: {approved}, rejected: {}, returned: {}}}{edges}}}",
            slot.id,
            to(1),
            to(2)
        )
        .unwrap();
        text.push_str(&way);
        writeln!(text, "{indent}- {{id: {last}, {user}, next: {}}}", to(0)).unwrap();
    }

    /// `next` or `flows`.
    fn leaving(&mut self, slot: &Slot) -> String {
        let decides = ["exclusive", "inclusive", "complex"].contains(&slot.kind) && slot.targets.len() > 1;
        if !(decides || slot.kind == "user" && slot.targets.len() > 1 && self.chance(40)) {
            return format!(", next: [{}]", slot.targets.join(", "));
        }
        let last = slot.targets.len() - 1;
        let has_default = self.chance(85);
        let mut flows = Vec::new();
        for (at, target) in slot.targets.iter().enumerate() {
            let condition = self.any(&["a > 1", "b > 2", "c == 1", "a == b", "e > 1", "b < 1"]);
            flows.push(match at == last && has_default {
                true => format!("{{to: {target}}}"),
                false => format!("{{if: '{condition}', to: {target}}}"),
            });
        }
        format!(", flows: [{}]", flows.join(", "))
    }

    fn end(&mut self, inside: Inside) -> &'static str {
        let ends = ["", ", error: E1", ", error: E2", ", terminate: true", ", signal: t1", ", escalation: E1"];
        match inside {
            Inside::Transaction if self.chance(50) => ", cancel: true",
            Inside::Atomic => self.any(&ends[..4]),
            _ => self.any(&ends),
        }
    }

    /// What else a user task may say.
    fn said(&mut self) -> String {
        self.any(&[
            "",
            "",
            "",
            "",
            ", loop: {while: 'loopCounter < b', max: 3}",
            ", mutex: tool",
            ", completionQuantity: 2",
            ", startQuantity: 2",
        ])
        .to_owned()
    }

    /// What undoes a user task, and what stands at its edge.
    fn beside(&mut self, undoing: &mut String, around: &Around) -> String {
        let indent = around.indent;
        let mut more = String::new();
        if self.chance(20) {
            let undo = self.fresh('u');
            let what = self.any(&["scriptTask, set: {a: 0}", "userTask, candidateGroups: [sales]"]);
            writeln!(undoing, "{indent}- {{id: {undo}, type: {what}}}").unwrap();
            write!(more, ", compensation: {undo}").unwrap();
        }
        more + self.edges(around).as_str()
    }

    fn for_each(&mut self) -> String {
        let count = self.any(&["2", "3", "a", "b"]);
        let sequential = self.chance(40);
        let more = self.any(&[
            "",
            ", mayAdd: true",
            ", collect: {list: loopCounter}",
            ", until: 'nrOfCompletedInstances >= 1'",
            ", until: 'nrOfCompletedInstances >= 1', rest: leave",
            ", until: 'nrOfCompletedInstances >= 2', rest: leave",
        ]);
        format!("forEach: {{count: '{count}', sequential: {sequential}{more}}}")
    }

    /// Events at the edge of an activity.
    fn edges(&mut self, around: &Around) -> String {
        if around.inside == Inside::AdHoc || self.chance(60) {
            return String::new();
        }
        let mut events = Vec::new();
        for _ in 0..1 + self.random.below(2) {
            let (on, always) = match self.random.below(8) {
                0 => ("timer: {duration: PT1H}", false),
                1 => ("timer: {cycle: R2/PT1H}", false),
                2 => ("message: m1", false),
                3 => ("signal: b1", false),
                4 => ("condition: 'e == 2'", false),
                5 => ("escalation: any", false),
                _ => (self.any(&["error: any", "error: E1"]), true),
            };
            // What is true already happens at once, and would go round for ever.
            let to = if on.starts_with("condition") { around.forward } else { around.ahead };
            let to = self.random.one_of(to).cloned().unwrap_or_else(|| "end".to_owned());
            let beside = if !always && self.chance(50) { ", interrupting: false" } else { "" };
            events.push(format!("{{id: {}, {on}{beside}, to: {to}}}", self.fresh('e')));
        }
        format!(", boundary: [{}]", events.join(", "))
    }

    fn first(&mut self, text: &mut String, indent: &str, slot: &Slot, ahead: &[String]) {
        let mut waited = Vec::new();
        let mut events = String::new();
        let firsts = ["timer: {duration: PT1H}", "message: m2", "signal: t1", "condition: 'e > 2'"];
        for at in 0..2 {
            let event = self.fresh('f');
            let to = match slot.targets.get(at) {
                Some(target) => target.clone(),
                None => self.random.one_of(ahead).cloned().unwrap_or_else(|| "end".to_owned()),
            };
            let on = firsts[at * 2 + self.random.below(2)];
            let next = if at == 1 { slot.targets[1.min(slot.targets.len())..].join(", ") } else { String::new() };
            let next = if next.is_empty() { to } else { next };
            writeln!(events, "{indent}- {{id: {event}, type: intermediateCatchEvent, {on}, next: [{next}]}}").unwrap();
            waited.push(event);
        }
        writeln!(text, "{indent}- {{id: {}, type: eventBasedGateway, next: [{}]}}", slot.id, waited.join(", "))
            .unwrap();
        text.push_str(&events);
    }

    fn sub_process(&mut self, text: &mut String, slot: &Slot, around: &Around) {
        let Around { indent, ahead, deep, .. } = *around;
        let (inside, key) = match self.random.below(8) {
            0 | 1 => (Inside::Transaction, "transaction: true"),
            2 => (Inside::Atomic, "atomic: true"),
            3 => (Inside::AdHoc, "adHoc: {ordering: sequential}"),
            4 => (Inside::AdHoc, "adHoc: {until: 'e > 3'}"),
            _ => (Inside::SubProcess, ""),
        };
        let item = format!("{indent}  ");
        writeln!(text, "{indent}- id: {}\n{item}type: subProcess", slot.id).unwrap();
        writeln!(text, "{item}next: [{}]", slot.targets.join(", ")).unwrap();
        let cancel = inside == Inside::Transaction;
        if !key.is_empty() {
            writeln!(text, "{item}{key}").unwrap();
        }
        match self.random.below(8) {
            0 | 1 => writeln!(text, "{item}{}", self.for_each()).unwrap(),
            2 => writeln!(text, "{item}loop: {{while: 'loopCounter < b', max: 2}}").unwrap(),
            3 => writeln!(text, "{item}mutex: tool").unwrap(),
            _ => {}
        }
        let edges = self.edges(around);
        match edges.strip_prefix(", ") {
            Some(edges) => writeln!(text, "{item}{edges}").unwrap(),
            None if cancel => {
                let to = self.random.one_of(ahead).cloned().unwrap_or_else(|| "end".to_owned());
                writeln!(text, "{item}boundary: [{{id: {}, cancel: true, to: {to}}}]", self.fresh('e')).unwrap();
            }
            None => {}
        }
        self.level(text, &item, inside, deep.saturating_sub(1).min(1));
    }
}
