//! Who sees instances and tasks, by role and by how they stand to them.

/// How somebody must stand to an instance or a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// `anyone`: is a user of the business.
    Anyone,
    /// `role:NAME`: has this role.
    Role(String),
    /// `starter`, `assignee` or `candidate`: is that person.
    Is(Part),
    /// `superior(starter)`: stands above that person.
    Superior(Part),
    /// `direct_superior(starter)`: stands next above that person.
    DirectSuperior(Part),
}

/// The part that somebody plays in an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Started it.
    Starter,
    /// Has the task, or completed it.
    Assignee,
    /// May take the task.
    Candidate,
}
