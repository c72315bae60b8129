//! The Chinese of sentences about jobs.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "this lease of job {id} ran out, or never was: {worker} has the job now, and what you did of it may be done twice",
        "作业 {id} 的此租约已过期或从未有效：作业现由 {worker} 执行，您已做的部分可能会重复执行",
    ),
    (
        "nobody has job {id} now; take it first, and name the lease that you get",
        "作业 {id} 当前无人领取；请先领取，并使用所得租约",
    ),
    ("job {id} is {state}; nothing more can be done with it", "作业 {id} 状态为 {state}，无法再操作"),
    ("job {id} is not open any more", "作业 {id} 已结束"),
    ("a worker asks for 1 to {most} types", "工作程序一次可请求 1 到 {most} 种作业类型"),
    ("one call takes 1 to {most} jobs", "一次可领取 1 到 {most} 个作业"),
    ("say why it failed: somebody has to mend it", "请说明失败原因，以便他人处理"),
    ("\"{text}\" is not a duration such as PT30S", "“{text}”不是时长，应如 PT30S"),
    ("\"{text}\" is not between {least} and {most} seconds", "“{text}”应在 {least} 到 {most} 秒之间"),
    ("a name has 1 to {most} characters", "名称应为 1 到 {most} 个字符"),
];
