-- Positions get periods: a re-organisation at a date closes one and opens the next. `superiors` is the closure of the
-- hierarchy, computed from the periods (src/store/superiors.rs) and filled when the migration is done. Bounds are the
-- least and the greatest BIGINT where there is none, so that `valid_from <= x AND x < valid_to` needs no NULLs.

CREATE TABLE position_periods (
    business TEXT NOT NULL,
    position TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    unit TEXT NOT NULL,
    title TEXT NOT NULL,
    user_id TEXT,
    manager TEXT,
    PRIMARY KEY (business, position, valid_from)
);
INSERT INTO position_periods (business, position, valid_from, valid_to, unit, title, user_id, manager)
SELECT business, id, COALESCE(valid_from, -9223372036854775807 - 1),
       CASE WHEN valid_to <= valid_from THEN valid_from + 1 ELSE COALESCE(valid_to, 9223372036854775807) END,
       unit, title, user_id, manager
FROM positions;
DROP TABLE positions;
CREATE TABLE positions (
    business TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (business, id)
);
INSERT INTO positions (business, id, version) SELECT business, position, 1 FROM position_periods;
CREATE INDEX position_periods_by_user ON position_periods (business, user_id, valid_from) WHERE user_id IS NOT NULL;
CREATE INDEX position_periods_by_unit ON position_periods (business, unit, position);

-- From `valid_from` until before `valid_to`, `superior` stands `depth` persons above `user_id`.
CREATE TABLE superiors (
    business TEXT NOT NULL,
    superior TEXT NOT NULL,
    user_id TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    depth BIGINT NOT NULL,
    PRIMARY KEY (business, superior, user_id, valid_from)
);
CREATE INDEX superiors_by_user ON superiors (business, user_id, superior, valid_from);

-- Since when a user is not active: from then on such a user stands above nobody. Unknown for those before this.
ALTER TABLE users ADD COLUMN inactive_since BIGINT;
UPDATE users SET inactive_since = created_at WHERE NOT active;
