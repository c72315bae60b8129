//! The Chinese of sentences about who has a task and when.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "task {task} is given to others by who stands above those who have it or may take it; {user} does not",
        "任务 {task} 只能由流程管理员，或其办理人、候选人的上级分派或安排；{user} 不是",
    ),
    (
        "of task {task} you can change \"followUp\"; the rest is for those above you",
        "任务 {task} 中您只能修改“followUp”，其余由您的上级修改",
    ),
    (
        "task {task} is not for {user}, neither by name nor by role; give it to one of its candidates",
        "任务 {task} 的候选人中没有 {user}，请分派给其候选人",
    ),
    (
        "task {task} is delegated; the delegate resolves it first, or its owner claims it back",
        "任务 {task} 已委托：请先由受托人交回，或由委托人收回",
    ),
    ("task {task} is not delegated, so there is nothing to resolve; complete it", "任务 {task} 未被委托，请直接完成"),
    ("task {task} is yours already; delegate it to somebody else", "任务 {task} 已属于您，请委托给他人"),
    ("task {task} has open sub-tasks: {open}; they are done first", "任务 {task} 尚有未完成的子任务：{open}"),
    ("task {task} is itself a part of another; parts have no parts", "任务 {task} 本身是子任务，不能再拆分"),
    (
        "task {task} has {most} open sub-tasks, and can have no more",
        "任务 {task} 已有 {most} 个未完成的子任务，不能再增加",
    ),
    ("{user} is not active and cannot be given a task", "{user} 已停用，不能承接任务"),
    ("a priority is a whole number from 0 to 100", "优先级应为 0 到 100 的整数"),
    ("a comment has at most {most} characters", "说明最多 {most} 个字符"),
    ("a title has 1 to {most} characters", "标题应为 1 到 {most} 个字符"),
    ("a task has at most {most} candidates", "任务最多有 {most} 个候选人"),
    ("say \"assignee\", or who may take it: one of both", "请给出“assignee”或候选人，二者取其一"),
    ("say \"priority\", \"due\" or \"followUp\"", "请给出“priority”、“due”或“followUp”"),
    (
        "\"{name}\" is the name under which the engine itself acts; take another {what}",
        "“{name}”是引擎自身使用的名称，请另选一个",
    ),
];
