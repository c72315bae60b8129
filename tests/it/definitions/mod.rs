#[test]
fn dump() {
    for (name, schema) in kamflow::definitions::schemas() {
        std::fs::write(format!("/tmp/{name}.json"), kamflow::definitions::schema_text(&schema)).unwrap();
    }
}
