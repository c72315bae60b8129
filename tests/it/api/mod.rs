//! HTTP, as its callers see it: on the real runtime, over a real connection.

mod answers;
mod desk;
mod door;
mod duties;
mod interventions;
mod json;
mod lists;
mod nowhere;
mod openapi;
mod operations;
mod outside;
mod pages;
mod papers;
mod problems;
mod provisioning;
mod repetitions;
mod requests;
mod secrets;
mod tasks;
mod trouble;
mod versions;
mod world;
