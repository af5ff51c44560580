#include "common/artifacts/folder.hpp"
#include "common/artifacts/verified_file.hpp"
#include "common/core/sha256.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace sluice::artifacts {
namespace {

namespace fs = std::filesystem;
using Kind = core::Failure::Kind;

class ArtifactFolder : public testing::Test {
protected:
    ArtifactFolder() {
        std::string name = (fs::temp_directory_path() / "sluice-artifacts-XXXXXX").string();
        root_ = ::mkdtemp(name.data());
        store_ = *Folder::open(dir());
    }
    ~ArtifactFolder() override { fs::remove_all(root_); }

    std::string dir() const { return (root_ / "store").string(); }

    runtime::Stored put(std::string_view bytes) {
        auto upload = store_->begin(1000);
        EXPECT_TRUE((*upload)->write(bytes));
        return *(*upload)->finish();
    }

    std::size_t files_in(const std::string& folder) const {
        std::size_t n = 0;
        for (const auto& entry : fs::recursive_directory_iterator(fs::path(dir()) / folder))
            n += entry.is_regular_file();
        return n;
    }

    void overwrite(const std::string& digest, std::string_view bytes) {
        const auto path = *store_->path_of(digest);
        fs::permissions(path, fs::perms::owner_all);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
    }

    fs::path root_;
    std::unique_ptr<Folder> store_;
};

TEST_F(ArtifactFolder, names_what_it_stores_by_the_digest_of_the_bytes) {
    const auto stored = put("abc");
    EXPECT_EQ(stored.digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(stored.size, 3u);
    EXPECT_EQ(*store_->path_of(stored.digest),
              dir() + "/sha256/ba/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_TRUE(store_->has(stored.digest));
    EXPECT_EQ(store_->size(stored.digest), 3u);
    EXPECT_EQ(*store_->read(stored.digest, 3), "abc");
}

TEST_F(ArtifactFolder, takes_an_upload_in_pieces) {
    auto upload = *store_->begin(6);
    for (const auto piece : {"ab", "cd", "", "ef"}) ASSERT_TRUE(upload->write(piece));
    EXPECT_EQ(upload->finish()->digest, core::digest_of("abcdef"));
}

TEST_F(ArtifactFolder, takes_an_empty_artifact) {
    const auto stored = put("");
    EXPECT_EQ(stored.size, 0u);
    EXPECT_EQ(*store_->read(stored.digest, 0), "");
}

TEST_F(ArtifactFolder, keeps_one_file_for_equal_bytes) {
    EXPECT_EQ(put("twice"), put("twice"));
    EXPECT_EQ(files_in("sha256"), 1u);
    EXPECT_EQ(files_in("tmp"), 0u);
}

TEST_F(ArtifactFolder, refuses_an_upload_past_its_limit_and_names_the_limit) {
    auto upload = *store_->begin(5);
    ASSERT_TRUE(upload->write("12345"));
    const auto refused = upload->write("6");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.failure().kind, Kind::poison);
    EXPECT_NE(refused.failure().what.find("limit of 5 bytes"), std::string::npos) << refused.failure().text();
    EXPECT_FALSE(refused.failure().advice.empty());
}

TEST_F(ArtifactFolder, discards_an_upload_that_was_not_finished) {
    {
        auto upload = *store_->begin(100);
        ASSERT_TRUE(upload->write("half of it"));
        EXPECT_EQ(files_in("tmp"), 1u);
    }
    EXPECT_EQ(files_in("tmp"), 0u);
    EXPECT_EQ(files_in("sha256"), 0u);
}

TEST_F(ArtifactFolder, lets_nobody_else_read_or_write_its_files) {
    auto upload = *store_->begin(100);
    struct stat found {};
    for (const auto& entry : fs::directory_iterator(fs::path(dir()) / "tmp")) {
        ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777, 0600u);
    }
    const auto stored = upload->finish();
    ASSERT_EQ(::stat(store_->path_of(stored->digest)->c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0400u);
    ASSERT_EQ(::stat(dir().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0700u);
}

TEST_F(ArtifactFolder, does_not_hand_out_bytes_that_have_changed) {
    const auto digest = put("good bytes").digest;
    overwrite(digest, "evil bytes");
    const auto read = store_->read(digest, 100);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.failure().kind, Kind::poison);
    EXPECT_NE(read.failure().text().find("another digest"), std::string::npos);
}

TEST_F(ArtifactFolder, mends_spoilt_bytes_when_they_are_uploaded_again) {
    const auto digest = put("good bytes").digest;
    overwrite(digest, "rot");
    put("good bytes");
    EXPECT_EQ(*store_->read(digest, 100), "good bytes");
}

TEST_F(ArtifactFolder, reads_nothing_larger_than_asked_for) {
    const auto digest = put("0123456789").digest;
    const auto read = store_->read(digest, 9);
    ASSERT_FALSE(read);
    EXPECT_NE(read.failure().what.find("the limit here is 9"), std::string::npos) << read.failure().text();
}

TEST_F(ArtifactFolder, says_how_to_bring_an_artifact_that_is_missing) {
    const auto digest = core::digest_of("never uploaded");
    EXPECT_FALSE(store_->has(digest));
    EXPECT_EQ(store_->size(digest), std::nullopt);
    const auto read = store_->read(digest, 100);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.failure().kind, Kind::poison);
    EXPECT_NE(read.failure().advice.find("PUT /v1/artifacts"), std::string::npos);
}

TEST_F(ArtifactFolder, takes_nothing_but_a_digest_for_a_digest) {
    const std::string hex(64, 'a');
    const std::vector<std::string> wrong{"",
                                         "sha256:",
                                         hex,
                                         "sha256:" + hex + "a",
                                         "sha256:" + hex.substr(1),
                                         "SHA256:" + hex,
                                         "md5:" + hex,
                                         "sha256:" + std::string(64, 'A'),
                                         "sha256:../../../../../../etc/passwd",
                                         "/etc/passwd",
                                         "sha256:" + hex.substr(3) + "%2e",
                                         "sha256:" + hex.substr(2) + "..",
                                         "sha256:" + hex.substr(1) + "/",
                                         "sha256:" + hex.substr(1) + std::string(1, '\0')};
    for (const auto& text : wrong) {
        EXPECT_FALSE(runtime::is_digest(text)) << text;
        EXPECT_FALSE(store_->has(text)) << text;
        EXPECT_FALSE(store_->path_of(text)) << text;
        EXPECT_FALSE(store_->read(text, 100)) << text;
    }
    EXPECT_TRUE(runtime::is_digest("sha256:" + hex));
}

TEST_F(ArtifactFolder, follows_no_link_to_a_file_outside) {
    const auto digest = put("secret").digest;
    const auto outside = root_ / "outside";
    std::ofstream(outside) << "secret";
    fs::remove(*store_->path_of(digest));
    fs::create_symlink(outside, *store_->path_of(digest));
    EXPECT_FALSE(store_->read(digest, 100));
}

TEST_F(ArtifactFolder, removes_at_start_what_a_crash_left_behind_long_ago) {
    const auto tmp = fs::path(dir()) / "tmp";
    for (const auto name : {"upload-old", "upload-new"}) std::ofstream(tmp / name) << "x";
    fs::last_write_time(tmp / "upload-old", fs::file_time_type::clock::now() - std::chrono::hours(25));
    ASSERT_TRUE(Folder::open(dir()));
    EXPECT_FALSE(fs::exists(tmp / "upload-old"));
    EXPECT_TRUE(fs::exists(tmp / "upload-new"));
}

TEST_F(ArtifactFolder, shares_its_folder_with_another_process) {
    const auto digest = put("shared").digest;
    EXPECT_EQ(*(*Folder::open(dir()))->read(digest, 100), "shared");
}

TEST(ArtifactFolderAtStart, stops_when_the_folder_cannot_be_made) {
    for (const auto* dir : {"", "/proc/sluice/artifacts"}) {
        const auto opened = Folder::open(dir);
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.failure().kind, Kind::fatal);
        EXPECT_NE(opened.failure().advice.find("SLUICE_ARTIFACTS_DIR"), std::string::npos);
    }
}

}  // namespace
}  // namespace sluice::artifacts
