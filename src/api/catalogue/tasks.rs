//! The Chinese of sentences about who has a task and when, about task lists, and about what people put beside tasks.

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
    ("\"{name}\" cannot be computed: {reason}", "“{name}”无法计算：{reason}"),
    (
        "task {task} is taken back by who made it by itself; a step of a process ends with its process",
        "任务 {task} 只能由其创建人撤回；流程中的任务随流程结束",
    ),
    ("a description has at most {most} characters", "说明最多 {most} 个字符"),
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
