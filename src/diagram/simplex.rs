//! Network simplex (Gansner and others, "A Technique for Drawing Directed Graphs", 1993): whole numbers that keep
//! their distances and make the weighted sum of all lengths the smallest. Columns and lines are both found with it.

/// `values[head]` is at least `values[tail]` and `least` more; every unit beyond costs `weight`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Span {
    pub tail: usize,
    pub head: usize,
    pub least: i32,
    pub weight: i32,
}

/// The values of so many variables. Spans have no circle and hold all variables together; the same spans give the same
/// values.
pub(super) fn solve(count: usize, spans: &[Span]) -> Vec<i32> {
    let mut values = longest(count, spans);
    let Some(mut tree) = tight_tree(&mut values, spans) else { return values };
    // Equal steps could go round for ever; every step leaves values that keep their distances.
    for _ in 0..count.saturating_mul(20) {
        let Some((leaving, below, is_tail_below)) = leaving(count, spans, &tree) else { break };
        let enters = |span: &Span| match is_tail_below {
            true => !below[span.tail] && below[span.head],
            false => below[span.tail] && !below[span.head],
        };
        let candidates = spans.iter().enumerate().filter(|(_, span)| enters(span));
        let Some((entering, slack)) =
            candidates.map(|(at, span)| (at, slack(&values, span))).min_by_key(|(at, slack)| (*slack, *at))
        else {
            break;
        };
        let by = if is_tail_below { -slack } else { slack };
        values.iter_mut().zip(&below).filter(|(_, below)| **below).for_each(|(value, _)| *value += by);
        tree[leaving] = entering;
    }
    let least = values.iter().copied().min().unwrap_or(0);
    values.iter_mut().for_each(|value| *value -= least);
    values
}

fn slack(values: &[i32], span: &Span) -> i32 {
    values[span.head] - values[span.tail] - span.least
}

/// The smallest values that keep all distances.
fn longest(count: usize, spans: &[Span]) -> Vec<i32> {
    let mut values = vec![0; count];
    let mut open = vec![0; count];
    let mut out: Vec<Vec<&Span>> = vec![Vec::new(); count];
    for span in spans {
        open[span.head] += 1;
        out[span.tail].push(span);
    }
    let mut ready: Vec<usize> = (0..count).filter(|&at| open[at] == 0).collect();
    while let Some(at) = ready.pop() {
        for span in &out[at] {
            values[span.head] = values[span.head].max(values[at] + span.least);
            open[span.head] -= 1;
            if open[span.head] == 0 {
                ready.push(span.head);
            }
        }
    }
    values
}

/// Spans without slack that hold all variables together: from the first variable on, what is nearest is moved near.
fn tight_tree(values: &mut [i32], spans: &[Span]) -> Option<Vec<usize>> {
    let mut inside = vec![false; values.len()];
    *inside.first_mut()? = true;
    let mut tree = Vec::new();
    while tree.len() + 1 < values.len() {
        let border = spans.iter().enumerate().filter(|(_, span)| inside[span.tail] != inside[span.head]);
        let (at, nearest) = border.min_by_key(|(_, span)| slack(values, span))?;
        let by = slack(values, nearest) * if inside[nearest.tail] { 1 } else { -1 };
        if by != 0 {
            values.iter_mut().zip(&inside).filter(|(_, inside)| **inside).for_each(|(value, _)| *value += by);
        }
        (inside[nearest.tail], inside[nearest.head]) = (true, true);
        tree.push(at);
    }
    Some(tree)
}

/// The span of the tree that costs most, as its position there; the variables below it; and whether its tail is below.
fn leaving(count: usize, spans: &[Span], tree: &[usize]) -> Option<(usize, Vec<bool>, bool)> {
    let mut beside: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (position, &at) in tree.iter().enumerate() {
        beside[spans[at].tail].push(position);
        beside[spans[at].head].push(position);
    }
    let (mut above, mut order, mut seen) = (vec![usize::MAX; count], vec![0], vec![false; count]);
    seen[0] = true;
    let mut next = 0;
    while let Some(&at) = order.get(next) {
        next += 1;
        for &position in &beside[at] {
            let span = spans[tree[position]];
            let other = if span.tail == at { span.head } else { span.tail };
            if !seen[other] {
                seen[other] = true;
                above[other] = position;
                order.push(other);
            }
        }
    }
    // What leaves a part less what enters it: spans inside cancel out, so sums from the leaves up are enough.
    let mut net = vec![0i64; count];
    for span in spans {
        net[span.tail] += i64::from(span.weight);
        net[span.head] -= i64::from(span.weight);
    }
    let mut worst: Option<(i64, usize, usize)> = None;
    for &at in order.iter().skip(1).rev() {
        let span = spans[tree[above[at]]];
        let (cut, up) = if span.tail == at { (net[at], span.head) } else { (-net[at], span.tail) };
        net[up] += net[at];
        if cut < 0 && worst.is_none_or(|(least, position, _)| (cut, above[at]) < (least, position)) {
            worst = Some((cut, above[at], at));
        }
    }
    let (_, position, top) = worst?;
    let mut below = vec![false; count];
    below[top] = true;
    for &at in &order {
        if above[at] != usize::MAX && above[at] != position {
            let span = spans[tree[above[at]]];
            let up = if span.tail == at { span.head } else { span.tail };
            below[at] = below[at] || below[up];
        }
    }
    Some((position, below, spans[tree[position]].tail == top))
}
