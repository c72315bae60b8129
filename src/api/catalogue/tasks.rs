//! The Chinese of sentences about task lists, and about what people put beside tasks.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "more than {few} tasks would have to be looked through; narrow them by assignee, candidateGroup, instance, subject, businessKey, or a variable of one process",
        "需要逐条查看的任务超过 {few} 条；请用 assignee、candidateGroup、instance、subject、businessKey 或某一流程的变量缩小范围",
    ),
    (
        "more than {few} {type} records meet this; narrow them by more of their fields",
        "符合条件的 {type} 记录超过 {few} 条；请增加字段条件缩小范围",
    ),
    (
        "tasks are sorted by \"due\", \"createdAt\" or \"priority\", each also with \"-\"",
        "任务可按 due、createdAt 或 priority 排序，均可加“-”倒序",
    ),
    ("the list {id} is {owner}'s; only its owner changes it", "列表 {id} 属于 {owner}；只有所有者可以修改"),
    ("a list is shared with at most {most} roles", "列表最多共享给 {most} 个角色"),
    (
        "a list is shared with roles that one has; {user} does not have \"{role}\"",
        "只能共享给自己拥有的角色；{user} 没有角色“{role}”",
    ),
    (
        "what {user} may do is told to {same}, to superiors, and to process administrators",
        "{user} 的办理权限只告知本人、其上级和流程管理员",
    ),
    ("a comment has 1 to {most} characters", "评论应为 1 到 {most} 个字符"),
    ("a task holds at most {most} files", "任务最多包含 {most} 个文件"),
    ("task {task} has ended; its files stay as they are", "任务 {task} 已结束；其文件保持不变"),
    (
        "file {file} was added by {user}; who added it or has the task takes it off",
        "文件 {file} 由 {user} 添加；只有添加者或任务办理人可以移除",
    ),
    ("task_filter {id} is at version {version}", "列表 {id} 当前版本为 {version}"),
];
