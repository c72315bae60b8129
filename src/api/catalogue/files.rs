//! The Chinese of what is said about files that come in or go out, row by row.

/// Sentences and their Chinese; the first that fits counts.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("the columns of the file do not fit; see errors", "文件的列不符合要求，详见 errors"),
    (
        "there is no field \"{name}\"; map it to one, or ignore it in a mapping",
        "没有字段“{name}”；请在列映射表中指定或忽略",
    ),
    (
        "\"{name}\" comes twice: from two columns, or from a column and a constant",
        "“{name}”重复：来自两列，或来自一列和一个常量",
    ),
    ("the mapping names the column \"{name}\", which the file does not have", "列映射表中的列“{name}”在文件中不存在"),
    ("the row cannot be read; see errors", "该行无法读取，详见 errors"),
    ("the row has {cells} cells, the header has {wanted}", "该行有 {cells} 个单元格，表头有 {wanted} 个"),
    ("column {number} has no header; name it, or empty its cells", "第 {number} 列没有表头；请命名，或清空其单元格"),
    ("expected a whole number, found {found}", "应为整数，实际为 {found}"),
    ("expected a decimal number, found {found}", "应为十进制数，实际为 {found}"),
    (
        "expected an amount with its currency such as \"1234.50 CNY\", found {found}",
        "应为带币种的金额，例如 1234.50 CNY，实际为 {found}",
    ),
    (
        "expected true or false, found {found}; name other words in a mapping",
        "应为 true 或 false，实际为 {found}；其他写法请在列映射表中说明",
    ),
    ("expected a date written {format}, found {found}", "日期格式应为 {format}，实际为 {found}"),
    ("expected an instant written {format}, found {found}", "时间格式应为 {format}，实际为 {found}"),
    ("\"{value}\" is none of the values; did you mean \"{near}\"?", "“{value}”不在可选值之中；是否指“{near}”？"),
    ("\"{value}\" is none of the values; valid here: {list}", "“{value}”不在可选值之中；可用：{list}"),
    ("\"{value}\" is none of the values", "“{value}”不在可选值之中"),
    ("the file is empty; its first row names the columns", "文件为空；第一行应为列名"),
    (
        "line {line}: the byte {byte} is not {encoding}; say its encoding, such as gb18030",
        "第 {line} 行：字节 {byte} 不是 {encoding}；请说明编码，例如 gb18030",
    ),
    ("line {line}: the byte {byte} is not {encoding}; {rest}", "第 {line} 行：字节 {byte} 不是 {encoding}"),
    (
        "\"{name}\" is not the name of an encoding; write utf-8, gb18030 or big5",
        "“{name}”不是编码名称；请写 utf-8、gb18030 或 big5",
    ),
    ("a row has more than 1 MiB; is a quote not closed?", "某一行超过 1 MiB；是否有引号未闭合？"),
    ("line {line} of the file already has this {rule}", "文件第 {line} 行已有相同的 {rule}"),
    (
        "line {line} starts a process under this business key with other variables",
        "第 {line} 行已用此业务主键以其他变量启动流程",
    ),
    (
        "an import of another file, or with other settings, was begun under this key; take a new key",
        "此键已用于另一文件或另一设置的导入，请使用新键",
    ),
    (
        "several records of type {name} have this \"{field}\"; say which by _id",
        "多条 {name} 记录有相同的“{field}”；请用 _id 指定",
    ),
    ("some fields cannot be exported; see errors", "部分字段无法导出，详见 errors"),
    ("the field \"{name}\" may not be exported by you", "您无权导出字段“{name}”"),
    (
        "send the file as Content-Type: text/csv or application/x-ndjson",
        "请以 Content-Type: text/csv 或 application/x-ndjson 发送文件",
    ),
    ("too many imports are running; try again in a moment", "正在运行的导入过多，请稍后重试"),
];
