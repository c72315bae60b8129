//! Why somebody may do a task, or may not. Each rule is asked of the code that decides by it, and what the person may do
//! is what the verbs themselves would answer.

use super::tasks::{find, suspended};
use crate::engine;
use crate::model::actor::Actor;
use crate::model::eligibility::{Duty, Eligibility, EligibilityRule};
use crate::model::ids::{TaskId, UserId};
use crate::model::refusal::Refusal;
use crate::model::task::UserTask;
use crate::model::text::Text;
use crate::plugins::Stop;
use crate::runtime::shared::Shared;
use crate::runtime::{Runtime, access};
use crate::store::{Connection, absences, superiors, users};

impl Runtime {
    /// What a person may do with a task that the caller sees, and why. Of others only those above them ask, and process
    /// administrators.
    pub async fn eligibility(&self, actor: &Actor, id: &TaskId, user: &UserId) -> Result<Eligibility, Refusal> {
        let (actor, id, user) = (actor.clone(), id.clone(), user.clone());
        self.read(move |conn, shared| {
            let mut found = [find(conn, shared, &actor, &id)?];
            may_ask(conn, shared, &actor, &user)?;
            suspended(conn, &actor, &mut found)?;
            let [task] = found;
            let known = users::find(conn, &actor.business, &user)?;
            let known = known.ok_or_else(|| Refusal::not_found("user", &user))?;
            let roles = known.roles.iter().cloned().collect();
            let asked = Actor { roles, ..Actor::of(actor.business.clone(), user.clone()) };
            let mut rules = of_task(&task, &asked);
            rules.extend(access::duties(conn, shared, &asked, &task)?.into_iter().map(|duty| of_duty(&user, duty)));
            rules.push(rule(
                "active",
                known.active,
                (format!("{user} is an active user"), format!("{user} 为启用用户")),
                (format!("{user} is not active"), format!("{user} 未启用")),
            ));
            rules.push(away(conn, shared, &asked)?);
            let verbs = match known.active {
                true => access::with_verbs(conn, shared, &asked, vec![task])?
                    .into_iter()
                    .flat_map(|seen| seen.verbs)
                    .collect(),
                false => Vec::new(),
            };
            Ok(Eligibility { task: id, user, verbs, rules })
        })
        .await
    }
}

fn may_ask(conn: &mut Connection, shared: &Shared, actor: &Actor, user: &UserId) -> Result<(), Stop> {
    let above = actor.user == *user
        || actor.roles.contains(access::PROCESS_ADMIN)
        || superiors::is_superior(conn, &actor.business, &actor.user, user, shared.clock.now())?;
    if above {
        return Ok(());
    }
    let sentence = format!("what {user} may do is told to {user}, to superiors, and to process administrators");
    Err(Refusal::forbidden("not_above", sentence).into())
}

/// What the task itself says: open, not suspended, for this person, and free or already theirs.
fn of_task(task: &UserTask, asked: &Actor) -> Vec<EligibilityRule> {
    let user = &asked.user;
    let mine = task.assignee.as_ref() == Some(user);
    let candidate = engine::may_claim(task, asked);
    let roles: Vec<&str> =
        task.candidate_groups.iter().filter(|group| asked.roles.contains(*group)).map(String::as_str).collect();
    let by_name = task.candidate_users.contains(user);
    let named = match (&*roles, by_name) {
        (_, true) => (format!("{user} may claim it by name"), format!("{user} 是指定候选人")),
        ([], false) => (format!("{user} has it"), format!("{user} 为办理人")),
        (roles, false) => {
            let roles = roles.join(", ");
            (format!("{user} has the role {roles}"), format!("{user} 拥有角色 {roles}"))
        }
    };
    let groups = task.candidate_groups.join(", ");
    let holder = task.assignee.as_ref().map_or("", UserId::as_str);
    vec![
        rule(
            "open",
            task.ended_at.is_none(),
            ("the task is open".to_owned(), "任务未结束".to_owned()),
            (format!("the task is {}", task.state.name()), "任务已结束".to_owned()),
        ),
        rule(
            "not_suspended",
            !task.suspended,
            ("its instance is not suspended".to_owned(), "流程实例未挂起".to_owned()),
            ("its instance is suspended".to_owned(), "流程实例已挂起".to_owned()),
        ),
        rule(
            "candidate",
            candidate || mine,
            named,
            (
                format!("the task is for {groups}; {user} is no candidate by name or role"),
                format!("任务面向 {groups}；{user} 不是候选人"),
            ),
        ),
        rule(
            "free",
            task.assignee.is_none() || mine,
            ("nobody else has it".to_owned(), "没有其他办理人".to_owned()),
            (format!("{holder} has it"), format!("{holder} 正在办理")),
        ),
    ]
}

fn of_duty(user: &UserId, duty: Duty) -> EligibilityRule {
    let Duty { other, same, done_by, passes } = duty;
    let by: Vec<&str> = done_by.iter().map(UserId::as_str).collect();
    let by = by.join(", ");
    let told = match by.is_empty() {
        true => (format!("nobody has done \"{other}\" yet"), format!("尚无人办理“{other}”")),
        false => (format!("\"{other}\" was done by {by}"), format!("“{other}”由 {by} 办理")),
    };
    let refused = match same {
        true => (
            format!("\"{other}\" was done by {by}; the same person does this, not {user}"),
            format!("“{other}”由 {by} 办理；须由同一人办理，{user} 不可"),
        ),
        false => (
            format!("{user} did \"{other}\"; somebody else does this"),
            format!("{user} 已办理“{other}”；须由他人办理"),
        ),
    };
    rule(if same { "same_as" } else { "not_same_as" }, passes, told, refused)
}

/// Being away keeps nobody from a task; it says why a task may wait.
fn away(conn: &mut Connection, shared: &Shared, asked: &Actor) -> Result<EligibilityRule, Stop> {
    let (user, now) = (&asked.user, shared.clock.now());
    let away = absences::absent(conn, &asked.business, now)?.contains_key(user);
    let detail = match away {
        true => {
            (format!("{user} is away now, which keeps nobody from a task"), format!("{user} 当前缺勤，但不影响办理"))
        }
        false => (format!("{user} is not away"), format!("{user} 未缺勤")),
    };
    Ok(rule("present", true, detail, Default::default()))
}

fn rule(rule: &'static str, passes: bool, yes: (String, String), no: (String, String)) -> EligibilityRule {
    let (en, zh) = if passes { yes } else { no };
    EligibilityRule { rule, passes, detail: Text { en, zh } }
}
