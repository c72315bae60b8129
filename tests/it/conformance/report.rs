//! What came of all cases: one line of numbers, and each case that is not as it must be.

use super::format::Tier;
use super::play::Verdict;
use std::fmt::Write;

/// What must hold before the run is green; raised as the engine grows. Nothing may ever be silently wrong, and a
/// restart may never make a difference.
pub struct Promise {
    /// Tiers of which every case must pass.
    pub whole: &'static [Tier],
    /// Of the cases that come with the project, so many must pass: core, extended, exotic.
    pub at_least: [usize; 3],
}

/// Today's promise.
pub const PROMISED: Promise = Promise { whole: &[Tier::Core, Tier::Extended], at_least: [102, 36, 40] };

/// One case, played in both ways.
pub struct Line {
    pub id: String,
    pub tier: Tier,
    pub verdict: Verdict,
    /// How the play with restarts differs.
    pub restart: Option<String>,
}

/// All cases of a run.
#[derive(Default)]
pub struct Report(pub Vec<Line>);

const TIERS: [(Tier, &str); 3] = [(Tier::Core, "core"), (Tier::Extended, "extended"), (Tier::Exotic, "exotic")];

impl Report {
    fn count(&self, fits: impl Fn(&Line) -> bool) -> usize {
        self.0.iter().filter(|line| fits(line)).count()
    }

    fn passed(&self, tier: Tier) -> usize {
        self.count(|line| line.tier == tier && line.verdict == Verdict::Pass)
    }

    fn silent_wrong(&self) -> usize {
        self.count(|line| matches!(line.verdict, Verdict::SilentWrong(_)))
    }

    fn restart_diff(&self) -> usize {
        self.count(|line| line.restart.is_some())
    }

    /// The numbers on one line.
    pub fn summary(&self) -> String {
        let mut text = "conformance:".to_owned();
        for (tier, name) in TIERS {
            let all = self.count(|line| line.tier == tier);
            let _ = write!(text, " {name} {}/{all}", self.passed(tier));
        }
        let unsupported = self.count(|line| matches!(line.verdict, Verdict::Unsupported(_)));
        let (wrong, restart) = (self.silent_wrong(), self.restart_diff());
        let _ = write!(text, " unsupported {unsupported} silent_wrong {wrong} restart_diff {restart}");
        text
    }

    /// Each case that is not as it must be.
    pub fn failures(&self) -> String {
        let mut text = String::new();
        for line in &self.0 {
            let (word, sentence) = match &line.verdict {
                Verdict::Pass => ("", None),
                Verdict::Unsupported(sentence) => ("unsupported", Some(sentence)),
                Verdict::Fail(sentence) => ("fail", Some(sentence)),
                Verdict::SilentWrong(sentence) => ("silent wrong", Some(sentence)),
            };
            if let Some(sentence) = sentence {
                let _ = writeln!(text, "  {} ({:?}): {word}: {sentence}", line.id, line.tier);
            }
            if let Some(difference) = &line.restart {
                let _ = writeln!(text, "  {} ({:?}): restart: {difference}", line.id, line.tier);
            }
        }
        text
    }

    /// What is not as promised. The numbers are those of the cases of the project, all of them.
    pub fn broken(&self, promise: &Promise, all_of_the_project: bool) -> Vec<String> {
        let mut broken = Vec::new();
        for (at, (tier, name)) in TIERS.into_iter().enumerate() {
            let (passed, all) = (self.passed(tier), self.count(|line| line.tier == tier));
            if promise.whole.contains(&tier) && passed < all {
                broken.push(format!("{name} is not whole: {passed} of {all}"));
            }
            if all_of_the_project && passed < promise.at_least[at] {
                broken.push(format!("{name}: {passed} pass, and {} did before", promise.at_least[at]));
            }
        }
        if self.silent_wrong() > 0 {
            broken.push(format!("{} cases are silently wrong", self.silent_wrong()));
        }
        if self.restart_diff() > 0 {
            broken.push(format!("in {} cases a restart makes a difference", self.restart_diff()));
        }
        broken
    }
}

/// The first thing that two plays of a case do not have in common.
pub fn difference(plain: &[String], restarted: &[String]) -> Option<String> {
    let at = (0..plain.len().max(restarted.len())).find(|at| plain.get(*at) != restarted.get(*at))?;
    let told = |trace: &[String]| trace.get(at).cloned().unwrap_or_else(|| "nothing".to_owned());
    Some(format!("without: {} · with: {}", told(plain), told(restarted)))
}
