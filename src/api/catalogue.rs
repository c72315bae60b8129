//! Every code that a problem can have, with its title in both languages; and the Chinese of the sentences that people
//! meet often. A sentence without an entry stays English.

use super::translate::translate;
use crate::model::text::{Language, Text};
use actix_web::http::StatusCode;

/// Codes and their titles: English, Chinese.
const TITLES: &[(&str, &str, &str)] = &[
    // the form of a request
    ("malformed_json", "The body is not JSON", "请求体不是有效的 JSON"),
    ("duplicate_key", "A key is given twice", "键重复"),
    ("reserved_key", "A key cannot be used", "键名不可用"),
    ("too_deep", "The body is nested too deeply", "请求体嵌套过深"),
    ("nul_character", "A text holds U+0000", "文本包含 U+0000 字符"),
    ("invalid_body", "The body does not fit", "请求体不符合要求"),
    ("broken_body", "The body broke off", "请求体传输中断"),
    ("body_too_large", "The body is too large", "请求体过大"),
    ("uri_too_long", "The address is too long", "请求地址过长"),
    ("headers_too_large", "The headers are too large", "请求头过大"),
    ("unsupported_media_type", "The content type is not taken here", "不支持的内容类型"),
    ("unknown_parameter", "A query parameter is not known", "未知的查询参数"),
    ("invalid_parameter", "A query parameter makes no sense", "查询参数无效"),
    ("unknown_operator", "An operator is not known", "未知的比较运算符"),
    ("invalid_operand", "An operator cannot take this value", "比较值无效"),
    ("invalid_sort", "The order makes no sense", "排序无效"),
    ("invalid_limit", "The page size is out of range", "每页条数超出范围"),
    ("invalid_cursor", "The cursor makes no sense", "游标无效"),
    ("invalid_if_match", "If-Match makes no sense", "If-Match 无效"),
    ("invalid_idempotency_key", "The idempotency key makes no sense", "幂等键无效"),
    ("no_such_route", "Nothing is served here", "没有此接口"),
    ("method_not_allowed", "The method is not possible here", "此处不支持该方法"),
    // who asks
    ("unauthenticated", "Who asks is not known", "身份未验证"),
    ("scope_missing", "The token does not allow this", "令牌权限范围不足"),
    ("role_missing", "A role is missing", "缺少角色"),
    ("forbidden", "You may not do this", "无权操作"),
    ("invalid_request", "The request for a token makes no sense", "令牌请求无效"),
    ("invalid_grant", "The login is not accepted", "登录未被接受"),
    ("invalid_client", "The service account is not accepted", "服务账号未被接受"),
    ("unsupported_grant_type", "The grant is not served", "不支持的授权方式"),
    ("rate_limited", "Too many attempts", "尝试次数过多"),
    // repetition and time
    ("idempotency_key_running", "The first request is still running", "相同请求仍在处理中"),
    ("idempotency_key_reused", "The idempotency key was used for another request", "幂等键已用于其他请求"),
    ("stale", "It was changed in the meantime", "内容已被修改"),
    ("busy", "Too much is waiting", "系统繁忙"),
    ("timed_out", "It took too long", "处理超时"),
    ("timed_out_change", "It took too long", "处理超时"),
    ("internal", "Something failed inside", "内部错误"),
    // what is asked for
    ("not_found", "It is not there", "未找到"),
    ("instance_not_found", "There is no such instance", "流程实例不存在"),
    ("process_not_found", "There is no such process", "流程不存在"),
    ("not_starter", "You may not start this process", "无权启动该流程"),
    ("task_not_open", "The task is not open any more", "任务已结束"),
    ("task_already_claimed", "The task is already claimed", "任务已被认领"),
    ("task_of_another", "The task is somebody else's", "任务属于他人"),
    ("task_not_claimed", "The task is not claimed", "任务尚未认领"),
    ("not_candidate", "The task is not for you", "您不是任务候选人"),
    ("wrong_outcome", "The task has no such outcome", "任务结果无效"),
    ("timer_gone", "The timer is not set any more", "定时器已失效"),
    ("incident_not_open", "The incident is not open any more", "故障已处理"),
    ("nothing_asked", "Nothing waits for this", "没有等待中的操作"),
    ("invalid_variables", "The variables do not fit", "变量不符合要求"),
    ("invalid_record", "The record does not fit its type", "记录不符合要求"),
    ("not_unique", "There is such a record already", "记录已存在"),
    ("invalid_files", "The files cannot be deployed", "文件无法部署"),
    ("invalid_path", "A path cannot be deployed", "文件路径无效"),
    ("invalid_business", "The business makes no sense", "企业信息无效"),
    ("unknown_scope", "A scope is not known", "未知的权限范围"),
];

/// Sentences and their Chinese; the first that fits counts.
const SENTENCES: &[(&str, &str)] = &[
    ("the key \"{key}\" is given twice in one object", "同一对象中键“{key}”重复"),
    ("the key \"{key}\" cannot be used", "键“{key}”不可用"),
    ("the body is nested deeper than {levels} levels", "请求体嵌套超过 {levels} 层"),
    ("the body is not JSON: {reason}", "请求体不是有效的 JSON：{reason}"),
    ("the body is not UTF-8 after byte {byte}", "请求体在第 {byte} 字节之后不是 UTF-8"),
    ("the body broke off: {reason}", "请求体传输中断：{reason}"),
    ("the body must be an object", "请求体应为对象"),
    ("the body does not fit; see errors", "请求体不符合要求，详见 errors"),
    ("the body has more than {bytes} bytes, the most that is taken here", "请求体超过上限 {bytes} 字节"),
    ("a text holds the character U+0000, which cannot be stored; remove it", "文本包含无法保存的字符 U+0000，请删除"),
    ("{what} \"{name}\" is not known here; did you mean \"{near}\"?", "{what}“{name}”无法识别；是否指“{near}”？"),
    ("{what} \"{name}\" is not known here; known are {list}", "{what}“{name}”无法识别；可用：{list}"),
    ("{what} \"{name}\" is not known here; there is none to give", "{what}“{name}”无法识别；此处没有可用项"),
    ("the field \"{name}\" is missing", "缺少字段“{name}”"),
    ("this takes a whole number from {least} to {most}", "此处应为 {least} 到 {most} 的整数"),
    ("this takes {what}", "此处应为{what}"),
    ("this does not fit: {reason}", "内容不符合要求：{reason}"),
    ("the operator \"{name}\" is not known; known are {list}", "运算符“{name}”无法识别；可用：{list}"),
    ("$in takes a list", "$in 需要列表"),
    ("$like takes a text such as \"Huaxin%\"", "$like 需要文本，例如 \"华新%\""),
    ("a list is ordered by one field at most", "列表最多按一个字段排序"),
    ("sort takes the name of a field, such as -due", "sort 应为字段名，例如 -due"),
    ("a page has 1 to {most} items", "每页 1 到 {most} 条"),
    ("the query cannot be read; write ?name=value&name=value", "查询参数无法读取，应为 ?name=value&name=value"),
    ("If-Match takes one entity tag {rest}", "If-Match 应为 ETag 响应头给出的一个值，例如带引号的 \"7\""),
    ("Idempotency-Key takes one value {rest}", "Idempotency-Key 应为 1 到 255 个可见 ASCII 字符，例如 UUID"),
    ("a request with this Idempotency-Key is still running; {rest}", "使用此幂等键的请求仍在处理中，请稍后重试"),
    ("nothing is served at {path}; /openapi.json lists what is", "{path} 没有对应接口；接口清单见 /openapi.json"),
    ("{method} is not possible here; possible are {allow}", "此处不支持 {method}；支持 {allow}"),
    (
        "path and query have more than {bytes} bytes; use the search of the list",
        "路径和查询超过 {bytes} 字节，请使用列表的 search 接口",
    ),
    ("the headers have more than {bytes} bytes together", "请求头合计超过 {bytes} 字节"),
    ("send the body as Content-Type: application/json", "请以 Content-Type: application/json 发送请求体"),
    ("send the body without Content-Encoding", "请求体请勿使用 Content-Encoding"),
    (
        "send a form (application/x-www-form-urlencoded) or application/json",
        "请发送表单（application/x-www-form-urlencoded）或 application/json",
    ),
    ("this needs a token: {rest}", "需要令牌：请发送 Authorization: Bearer，令牌由 /api/v1/auth/token 签发"),
    ("this needs a token", "需要令牌"),
    ("the Authorization header must be Bearer with one token", "Authorization 请求头应为 Bearer 加一个令牌"),
    ("this needs the scope \"{scope}\", which the token does not have", "需要权限范围“{scope}”，令牌中没有"),
    ("this needs the role \"{role}\", which {user} does not have", "需要角色“{role}”，{user} 没有该角色"),
    ("process \"{process}\" may be started by {roles}", "流程“{process}”只能由以下角色启动：{roles}"),
    ("the token has expired", "令牌已过期"),
    ("the token is not valid yet", "令牌尚未生效"),
    ("the token cannot be read", "令牌无法读取"),
    ("the token is forged, or made for somebody else", "令牌是伪造的，或不是签发给本系统的"),
    ("too many failed logins; try again in {seconds} seconds", "登录失败次数过多，请 {seconds} 秒后重试"),
    ("this grant needs \"{name}\"", "该授权方式需要“{name}”"),
    (
        "\"grant_type\" is missing; it is password or client_credentials",
        "缺少“grant_type”，应为 password 或 client_credentials",
    ),
    ("the request took longer than {seconds} seconds; send it again", "请求处理超过 {seconds} 秒，请重试"),
    (
        "the request took longer than {seconds} seconds; {rest}",
        "请求处理超过 {seconds} 秒；是否已执行尚不确定，请先查看再重试",
    ),
    ("the request could not be carried out; {rest}", "请求未能执行，未作任何更改；详情见日志中的此 traceId"),
    ("the id in the path cannot be the id of anything", "路径中的 id 无效"),
    ("there is no such instance", "流程实例不存在"),
    ("there is no {what} \"{id}\"", "{what}“{id}”不存在"),
    ("the active revision has no process \"{process}\"", "当前版本中没有流程“{process}”"),
    ("task {task} is not open any more", "任务 {task} 已结束"),
    (
        "task {task} is already claimed by {user}; {again} can give it back",
        "任务 {task} 已被 {user} 认领；{again} 可以退回",
    ),
    ("task {task} is claimed by {user}; only {again} can do this", "任务 {task} 由 {user} 认领，只有 {again} 可以操作"),
    ("task {task} is not claimed yet; claim it first", "任务 {task} 尚未认领，请先认领"),
    ("task {task} is not claimed; there is nothing to give back", "任务 {task} 尚未认领，无需退回"),
    ("task {task} is {state}; nothing more can be done with it", "任务 {task} {state}，不能再操作"),
    ("{user} is not among those who may take task {task}", "{user} 不是任务 {task} 的候选人"),
    (
        "task {task} ends with one of {offered}; none was given",
        "任务 {task} 的结果应为以下之一：{offered}；没有给出结果",
    ),
    (
        "task {task} ends with one of {offered}; \"{given}\" was given",
        "任务 {task} 的结果应为以下之一：{offered}；给出的是“{given}”",
    ),
    ("incident {incident} is not open any more", "故障 {incident} 已处理"),
    ("the start variables do not fit the process", "启动变量不符合流程要求"),
    ("the values do not fit the form", "填写内容不符合表单要求"),
    ("\"{name}\" is not declared", "“{name}”没有声明"),
    ("some files have a path that cannot be deployed; see errors", "部分文件路径无法部署，详见 errors"),
    ("the path is given twice", "路径重复"),
    ("the business makes no sense; see errors", "企业信息无效，详见 errors"),
    ("some scopes are not known; see errors", "部分权限范围无法识别，详见 errors"),
];

/// The title of a code; of the status, when the code has none.
pub(super) fn title(code: &str, status: StatusCode) -> Text {
    match TITLES.iter().find(|(known, ..)| *known == code) {
        Some((_, en, zh)) => Text { en: (*en).to_owned(), zh: (*zh).to_owned() },
        None => Text::same(status.canonical_reason().unwrap_or("Problem")),
    }
}

/// The sentence in a language.
pub fn say(sentence: &str, language: Language) -> String {
    match language {
        Language::En => sentence.to_owned(),
        Language::Zh => translate(sentence, SENTENCES).unwrap_or_else(|| sentence.to_owned()),
    }
}

/// All codes that have a title.
pub fn codes() -> impl Iterator<Item = &'static str> {
    TITLES.iter().map(|(code, ..)| *code)
}
