//! The project folders on disk.

use kamflow::definitions::folder;
use kamflow::model::revision::Files;
use std::fs;
use std::path::Path;

fn put(root: &Path, path: &str, text: &str) {
    let target = root.join(path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(target, text).unwrap();
}

fn refused(root: &Path) -> String {
    folder::read(root).unwrap_err().to_string()
}

#[test]
fn definitions_are_read_and_what_is_for_people_is_left_out() {
    let root = tempfile::tempdir().unwrap();
    for path in [
        "workflows/sales/pack.yaml",
        "workflows/sales/.pack.yaml.swp",
        "workflows/sales/README.md",
        "workflows/sales/demo/customers.csv",
        "workflows/sales/demo/more/leads.jsonl",
        "workflows/.git/config",
        "plugins/match/decide.rhai",
        "plugins/match/tests/decide.yaml",
        "src/main.rs",
    ] {
        put(root.path(), path, path);
    }
    let files = folder::read(root.path()).unwrap();
    assert_eq!(
        files.keys().collect::<Vec<_>>(),
        ["plugins/match/decide.rhai", "plugins/match/tests/decide.yaml", "workflows/sales/pack.yaml"]
    );
    assert_eq!(files["plugins/match/decide.rhai"], b"plugins/match/decide.rhai");
}

#[test]
fn a_folder_that_is_no_project_says_so() {
    let root = tempfile::tempdir().unwrap();
    assert!(refused(root.path()).ends_with("has no workflows/ and no plugins/; run this in the folder of a project"));
}

#[test]
fn the_old_ending_is_refused() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "workflows/sales/pack.yml", "pack: sales");
    assert_eq!(refused(root.path()), "workflows/sales/pack.yml ends in .yml; name it .yaml");
}

#[test]
fn a_huge_file_is_refused_by_its_size_alone() {
    let root = tempfile::tempdir().unwrap();
    put(root.path(), "workflows/sales/pack.yaml", "");
    let huge = fs::File::create(root.path().join("workflows/sales/huge.yaml")).unwrap();
    huge.set_len(50 * 1024 * 1024).unwrap();
    assert_eq!(refused(root.path()), "workflows/sales/huge.yaml has 52428800 bytes; a file may have 1048576");
}

#[test]
fn too_many_files_and_too_many_bytes_are_refused() {
    let root = tempfile::tempdir().unwrap();
    for number in 0..33 {
        put(root.path(), &format!("workflows/sales/forms/f{number}.yaml"), "");
        let file = fs::File::create(root.path().join(format!("workflows/sales/forms/f{number}.yaml"))).unwrap();
        file.set_len(1024 * 1024).unwrap();
    }
    assert_eq!(refused(root.path()), "the files of the project have more than 33554432 bytes");
    let root = tempfile::tempdir().unwrap();
    for number in 0..2_001 {
        put(root.path(), &format!("workflows/sales/forms/f{number}.yaml"), "");
    }
    assert_eq!(refused(root.path()), "the project has more than 2000 files");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_is_not_followed() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "secret.yaml", "secret");
    put(root.path(), "workflows/sales/pack.yaml", "");
    let link = root.path().join("workflows/sales/forms");
    std::os::unix::fs::symlink(outside.path(), &link).unwrap();
    assert_eq!(refused(root.path()), "workflows/sales/forms is a symbolic link; put the file itself there");
    let files = Files::from([("workflows/sales/forms/secret.yaml".to_owned(), b"mine".to_vec())]);
    assert!(folder::write(root.path(), &files).is_err());
    assert_eq!(fs::read(outside.path().join("secret.yaml")).unwrap(), b"secret");
}

#[test]
fn what_was_read_is_written_back_the_same() {
    let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(from.path(), "workflows/sales/processes/客户.yaml", "process: x");
    put(from.path(), "plugins/match/decide.rhai", "fn decide() {}");
    let files = folder::read(from.path()).unwrap();
    folder::write(to.path(), &files).unwrap();
    assert_eq!(folder::read(to.path()).unwrap(), files);
}

#[test]
fn nothing_is_ever_written_outside_the_project() {
    let root = tempfile::tempdir().unwrap();
    let inside = root.path().join("project");
    for path in [
        "../evil.yaml",
        "workflows/../../evil.yaml",
        "/evil.yaml",
        "workflows//evil.yaml",
        "workflows/./evil.yaml",
        "workflows/a\\..\\evil.yaml",
        "workflows/c:evil.yaml",
        "workflows/.hidden/evil.yaml",
        "workflows",
        "src/evil.yaml",
        "",
    ] {
        let files =
            Files::from([(path.to_owned(), b"evil".to_vec()), ("workflows/a/pack.yaml".to_owned(), b"good".to_vec())]);
        assert!(folder::write(&inside, &files).is_err(), "{path}");
        assert!(!inside.exists(), "{path}");
    }
}
