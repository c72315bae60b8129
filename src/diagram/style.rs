//! How a diagram looks: colours by name, for light and dark, and the rules that use them. Programs that know no
//! variables (converters, viewers) get the light colours; browsers get variables that a page may set itself.

/// Name, light and dark.
const COLOURS: [(&str, &str, &str); 15] = [
    ("paper", "#ffffff", "#15181d"),
    ("ink", "#1c2733", "#e7ebf0"),
    ("soft", "#56636f", "#a3aebb"),
    ("line", "#65727f", "#8b98a6"),
    ("task", "#f3f7fc", "#1d2631"),
    ("task-edge", "#7d93ad", "#64809e"),
    ("gate", "#fff7e0", "#2c2717"),
    ("gate-edge", "#c2942c", "#c7a04a"),
    ("start", "#e7f6ed", "#16281e"),
    ("start-edge", "#3d9a63", "#55b57d"),
    ("end", "#fcecec", "#2d1a1b"),
    ("end-edge", "#bd5252", "#d67a7a"),
    ("box-edge", "#a4b0bd", "#4b5968"),
    ("taken", "#2563eb", "#78aaff"),
    ("failed", "#d3281d", "#ff6a5e"),
];

/// The rules, with colours as `$name`.
const RULES: [(&str, &str); 32] = [
    (".paper", "fill:$paper"),
    (
        "text",
        "fill:$ink;font:13px system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC','Noto Sans SC',sans-serif",
    ),
    (".head", "font-size:18px;font-weight:600"),
    (".small", "font-size:12px"),
    (".said", "font-size:11px;fill:$soft;stroke:$paper;stroke-width:3px;paint-order:stroke;stroke-linejoin:round"),
    (".shape", "fill:$paper;stroke:$line;stroke-width:1.4"),
    (".sign", "fill:none;stroke:$soft;stroke-width:1.3;stroke-linejoin:round;stroke-linecap:round"),
    (".solid", "fill:$soft"),
    (".task .shape", "fill:$task;stroke:$task-edge"),
    (".call .shape", "stroke-width:3.2"),
    (".gateway .shape", "fill:$gate;stroke:$gate-edge"),
    (".gateway .sign", "stroke:$gate-edge"),
    (".gateway .solid", "fill:$gate-edge"),
    (".start .shape", "fill:$start;stroke:$start-edge"),
    (".start .sign", "stroke:$start-edge"),
    (".end .shape", "fill:$end;stroke:$end-edge;stroke-width:3"),
    (".end .sign,.end .solid", "fill:$end-edge;stroke:none"),
    (".container .shape", "fill:$paper;stroke:$box-edge;stroke-width:1.6"),
    (".container text", "font-weight:600"),
    (".container .dotted", "stroke-dasharray:2 4"),
    (".aside .shape", "stroke-dasharray:4 3"),
    (".flow path", "fill:none;stroke:$line;stroke-width:1.5"),
    (".flow .tip", "fill:$line;stroke:none"),
    (".idle", "opacity:.55"),
    (".visited>.shape", "stroke:$taken;stroke-width:2.2"),
    (".taken path", "stroke:$taken;stroke-width:2.4"),
    (".taken .tip", "fill:$taken;stroke:none"),
    (".failed>.shape", "stroke:$failed;stroke-width:2.6"),
    (".count", "font-size:11px;fill:$taken;stroke:$paper;stroke-width:3px;paint-order:stroke"),
    (".token", "fill:$taken;stroke:$paper;stroke-width:2"),
    (".incident", "fill:$failed;stroke:$paper;stroke-width:2"),
    (".badge", "font-size:12px;font-weight:700;fill:$paper"),
];

/// The style sheet of a diagram; its rules reach nothing outside of it.
pub(super) fn sheet() -> String {
    let plain = rules(|name| light(name).to_owned());
    let variables = rules(|name| format!("var(--kamflow-{name})"));
    let colours = |colour: fn(&(&str, &str, &str)) -> String| COLOURS.iter().map(colour).collect::<String>();
    let day = colours(|(name, light, _)| format!("--kamflow-{name}:{light};"));
    let night = colours(|(name, _, dark)| format!("--kamflow-{name}:{dark};"));
    // `:where` weighs nothing, so that a page that sets a variable on the diagram wins.
    format!(
        "{plain}@supports (color:var(--a)){{:where(.kamflow-diagram){{{day}}}\
         @media (prefers-color-scheme:dark){{:where(.kamflow-diagram){{{night}}}}}{variables}}}"
    )
}

fn rules(colour: impl Fn(&str) -> String) -> String {
    let mut sheet = String::new();
    for (selectors, rule) in RULES {
        let selectors: Vec<String> =
            selectors.split(',').map(|selector| format!(".kamflow-diagram {selector}")).collect();
        let mut parts = rule.split('$');
        let mut body = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(part.len());
            body.push_str(&colour(&part[..end]));
            body.push_str(&part[end..]);
        }
        sheet.push_str(&format!("{}{{{body}}}", selectors.join(",")));
    }
    sheet
}

fn light(name: &str) -> &'static str {
    COLOURS.iter().find(|(colour, ..)| *colour == name).map_or("none", |(_, light, _)| light)
}
