//! What a value is told that does not fit a JSON Schema: one sentence a keyword, in English and Chinese. What stands in braces is
//! filled in; a value that is wrong in the same way elsewhere is told so in the same words.

/// Keyword, English, Chinese.
pub const SENTENCES: &[(&str, &str, &str)] = &[
    ("type", "expected {what}, found {found}", "应为{what}，实际为{found}"),
    ("enum", "expected one of {list}, found {found}", "应为以下之一：{list}，实际为{found}"),
    ("const", "expected {value} and nothing else", "只能是 {value}"),
    ("minimum", "this is less than {limit}", "不得小于 {limit}"),
    ("maximum", "this is more than {limit}", "不得大于 {limit}"),
    ("exclusiveMinimum", "this must be more than {limit}", "必须大于 {limit}"),
    ("exclusiveMaximum", "this must be less than {limit}", "必须小于 {limit}"),
    ("multipleOf", "this is no multiple of {value}", "必须是 {value} 的倍数"),
    ("minLength", "{number} characters; at least {limit} are needed", "共 {number} 个字符，至少 {limit} 个"),
    ("maxLength", "{number} characters; at most {limit} are kept", "共 {number} 个字符，最多 {limit} 个"),
    ("pattern", "this does not look like {pattern}", "不符合格式 {pattern}"),
    ("format", "this is no {format}", "不是有效的 {format}"),
    ("minItems", "{number} items; at least {limit} are needed", "共 {number} 项，至少 {limit} 项"),
    ("maxItems", "{number} items; at most {limit} are kept", "共 {number} 项，最多 {limit} 项"),
    ("additionalItems", "there are more than {limit} items", "最多 {limit} 项"),
    ("unevaluatedItems", "there are items here that are not declared", "包含未声明的项"),
    ("uniqueItems", "the same item is here twice", "各项不得重复"),
    ("contains", "none of the items is what is asked for here", "没有符合要求的项"),
    ("minProperties", "{number} keys; at least {limit} are needed", "共 {number} 个键，至少 {limit} 个"),
    ("maxProperties", "{number} keys; at most {limit} are kept", "共 {number} 个键，最多 {limit} 个"),
    ("propertyNames", "a key here cannot be called so", "键名不符合要求"),
    ("required", "\"{name}\" is required", "“{name}”必填"),
    ("additionalProperties", "\"{name}\" is not declared", "“{name}”未声明"),
    ("not", "this is just what is not allowed here", "此处不允许该取值"),
    ("anyOf", "this is none of what is possible here", "不符合此处允许的任何一种形式"),
    ("oneOf", "this must be exactly one of what is possible here", "必须且只能符合此处允许的一种形式"),
    ("falseSchema", "nothing is allowed here", "此处不允许填写"),
    ("contentEncoding", "this is not encoded as it says", "内容编码不正确"),
    ("contentMediaType", "this is not of the content type that it says", "内容类型不正确"),
    ("", "this does not fit: {reason}", "内容不符合要求：{reason}"),
];

/// The English sentence of a keyword with this filled in; a keyword that has none says `reason`.
pub fn say(keyword: &str, filled: &[(&str, &str)]) -> String {
    let known = SENTENCES.iter().find(|(known, ..)| *known == keyword);
    let Some((_, sentence, _)) = known.or(SENTENCES.last()) else { return String::new() };
    let mut pieces = sentence.split('{');
    let mut said = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, after) = piece.split_once('}').unwrap_or((piece, ""));
        said.extend(filled.iter().find(|(known, _)| *known == name).map(|(_, value)| *value));
        said.push_str(after);
    }
    said
}
