DROP INDEX instances_ended;
