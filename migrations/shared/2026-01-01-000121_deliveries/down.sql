DROP TABLE schedules;
DROP TABLE deliveries;
DROP TABLE subscriptions;
