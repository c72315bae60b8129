//! From English sentences to Chinese ones: `task {task} is already claimed by {user}` finds its parts in the sentence
//! and puts them into the Chinese one. The floors below say things once, in English; here stands how it is said here.

/// The Chinese sentence for an English one, with this table of patterns; none when no pattern fits.
pub(super) fn translate(sentence: &str, table: &[(&str, &str)]) -> Option<String> {
    table.iter().find_map(|(english, chinese)| fill(chinese, &parts(english, sentence)?))
}

/// What stands at the `{names}` of a pattern, when the sentence fits it. A name takes as little as it can.
fn parts<'a>(pattern: &'a str, sentence: &'a str) -> Option<Vec<(&'a str, &'a str)>> {
    let mut pieces = pattern.split('{');
    let mut rest = sentence.strip_prefix(pieces.next()?)?;
    let mut parts = Vec::new();
    for piece in pieces {
        let (name, after) = piece.split_once('}')?;
        let end = if after.is_empty() { rest.len() } else { rest.find(after)? };
        parts.push((name, &rest[..end]));
        rest = &rest[end + after.len()..];
    }
    rest.is_empty().then_some(parts)
}

fn fill(chinese: &str, parts: &[(&str, &str)]) -> Option<String> {
    let mut pieces = chinese.split('{');
    let mut filled = pieces.next()?.to_owned();
    for piece in pieces {
        let (name, after) = piece.split_once('}')?;
        let (_, value) = parts.iter().find(|(known, _)| *known == name)?;
        // Only these are words of ours; a user may well be called "task".
        match name {
            "what" => filled.push_str(&nouns(value)),
            "state" | "done" => filled.push_str(noun(value)),
            "found" => filled.push_str(&found(value)),
            _ => filled.push_str(value),
        }
        filled.push_str(after);
    }
    Some(filled)
}

/// What was found in place of something else: `the text "x"`, `the number 7`, `a list`.
fn found(words: &str) -> String {
    let kinds = [("the text ", "文本"), ("the number ", "数字")];
    let kind = kinds.iter().find_map(|(english, chinese)| Some((chinese, words.strip_prefix(english)?)));
    match kind {
        Some((chinese, value)) => format!("{chinese} {value}"),
        None => noun(words).to_owned(),
    }
}

/// What is possible: `text or nothing`.
fn nouns(words: &str) -> String {
    match noun(words) {
        known if known != words => known.to_owned(),
        _ => words.split(" or ").map(noun).collect::<Vec<_>>().join("或"),
    }
}

/// What things are called; names and ids stay as they are.
fn noun(word: &str) -> &str {
    let nouns = [
        ("user task", "任务"),
        ("task", "任务"),
        ("unit", "组织单元"),
        ("role", "角色"),
        ("absence", "缺勤记录"),
        ("substitution", "代理关系"),
        ("list of subordinates", "下级列表"),
        ("stage list", "阶段列表"),
        ("process instance", "流程实例"),
        ("instance", "流程实例"),
        ("process", "流程"),
        ("record", "记录"),
        ("record type", "记录类型"),
        ("decision", "决策记录"),
        ("incident", "故障"),
        ("user", "用户"),
        ("client", "服务账号"),
        ("group", "群组"),
        ("schema", "模式"),
        ("resource type", "资源类型"),
        ("signing key", "签名密钥"),
        ("business", "企业"),
        ("deployment", "部署版本"),
        ("revision", "版本"),
        ("script", "脚本"),
        ("form", "表单"),
        ("position", "岗位"),
        ("the field", "字段"),
        ("the value", "取值"),
        ("the query parameter", "查询参数"),
        ("the scope", "权限范围"),
        ("unit", "组织单位"),
        ("field", "字段"),
        ("created", "创建"),
        ("changed", "修改"),
        ("deleted", "删除"),
        ("completed", "已完成"),
        ("cancelled", "已取消"),
        ("a text", "文本"),
        ("true or false", "true 或 false"),
        ("an object", "对象"),
        ("a list", "列表"),
        ("a whole number", "整数"),
        ("text", "文本"),
        ("a number", "数字"),
        ("nothing", "空值"),
        ("a decimal number", "十进制数"),
        ("a date such as 2026-01-31", "日期，例如 2026-01-31"),
        ("an instant such as 2026-01-31T08:00:00Z", "时刻，例如 2026-01-31T08:00:00Z"),
    ];
    nouns.iter().find(|(english, _)| *english == word).map_or(word, |(_, chinese)| chinese)
}
