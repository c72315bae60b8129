//! The Chinese of sentences about task lists, and about what people put beside tasks.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("\"{field}\" can be filtered by only together with one \"process\"", "按“{field}”筛选时须同时给出一个 process"),
    (
        "\"{field}\" can be filtered by only together with \"process\", one or several about the same type",
        "按“{field}”筛选时须同时给出 process（一个或多个针对同一类型的流程）",
    ),
    (
        "\"{field}\" needs \"subject\" and \"subjectId\" in process {process}",
        "“{field}”要求流程 {process} 声明 subject 和 subjectId",
    ),
    ("\"{field}\" is an instant such as {example}", "“{field}”应为时刻，如 {example}"),
    ("\"{field}\" is a whole number", "“{field}”应为整数"),
    ("\"{field}\" takes texts, compared with $eq or $in", "“{field}”应为文本，用 $eq 或 $in 比较"),
    ("\"{field}\" knows $eq, $neq, $in, $nin and $exists", "“{field}”支持 $eq、$neq、$in、$nin 和 $exists"),
    ("\"{field}\" knows no $like and no $under", "“{field}”不支持 $like 和 $under"),
    ("\"{field}\" knows no $under", "“{field}”不支持 $under"),
    (
        "\"{field}\" is compared with a number, an amount, a text or an instant",
        "“{field}”应与数字、金额、文本或时刻比较",
    ),
    ("\"{field}\" stands beside \"$or\", not inside", "“{field}”应与 $or 并列，不能放在其中"),
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
    ("\"{name}\" is shown and not entered", "“{name}”仅供显示，不可填写"),
    ("a comment has 1 to {most} characters", "评论应为 1 到 {most} 个字符"),
    ("a task holds at most {most} files", "任务最多包含 {most} 个文件"),
    ("task {task} has ended; its files stay as they are", "任务 {task} 已结束；其文件保持不变"),
    (
        "file {file} was added by {user}; who added it or has the task takes it off",
        "文件 {file} 由 {user} 添加；只有添加者或任务办理人可以移除",
    ),
    ("task_filter {id} is at version {version}", "列表 {id} 当前版本为 {version}"),
];
