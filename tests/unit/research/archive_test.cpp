// What is packed comes back; what a stranger packed goes nowhere else.
#include "research/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <tuple>

#include "base/files.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

struct Hostile {
  const char* name;
  const char* path;
  unsigned type = AE_IFREG;
  const char* link = nullptr;
  bool hard = false;
};

// An archive of one entry that no honest writer makes, behind a plain one.
void write_hostile(const fs::path& file, const Hostile& hostile) {
  archive* out = archive_write_new();
  archive_write_set_format_pax(out);
  archive_write_add_filter_gzip(out);
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  archive_entry* entry = archive_entry_new();
  const auto add = [&](const char* path, unsigned type) {
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, type == AE_IFREG && !hostile.hard ? 2 : 0);
  };
  add("plain.txt", AE_IFREG);
  archive_entry_set_size(entry, 2);
  archive_write_header(out, entry);
  archive_write_data(out, "ok", 2);
  archive_entry_clear(entry);
  add(hostile.path, hostile.type);
  if (hostile.link && hostile.hard) archive_entry_set_hardlink(entry, hostile.link);
  if (hostile.link && !hostile.hard) archive_entry_set_symlink(entry, hostile.link);
  archive_write_header(out, entry);
  if (hostile.type == AE_IFREG && !hostile.hard) archive_write_data(out, "no", 2);
  archive_entry_free(entry);
  archive_write_close(out);
  archive_write_free(out);
}

TEST(Archive, WhatIsPackedComesBackAndTheBytesDoNotDependOnWhen) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "a", "first").ok());
  ASSERT_TRUE(write_file(folder.path() / "b", std::string(200'000, 'x')).ok());
  const std::map<std::string, fs::path> contents{{"one", folder.path() / "a"}, {"deep/er/two", folder.path() / "b"}};
  ASSERT_TRUE(pack(folder.path() / "p.tar.gz", contents).ok());
  fs::last_write_time(folder.path() / "a", fs::file_time_type::clock::now() + std::chrono::hours{5});
  ASSERT_TRUE(pack(folder.path() / "q.tar.gz", contents).ok());
  EXPECT_EQ(read_file(folder.path() / "p.tar.gz").value(), read_file(folder.path() / "q.tar.gz").value());
  ASSERT_TRUE(unpack(folder.path() / "p.tar.gz", folder.path() / "out").ok());
  EXPECT_EQ(read_file(folder.path() / "out/one").value(), "first");
  EXPECT_EQ(read_file(folder.path() / "out/deep/er/two").value(), std::string(200'000, 'x'));
}

TEST(Archive, AStrangersArchiveLeadsNowhereElse) {
  const std::vector<Hostile> hostiles = {
      {"parent", "../escaped"},
      {"parent inside", "a/../../escaped"},
      {"absolute", "/tmp/aisci-archive-escaped"},
      {"symbolic link", "link", AE_IFLNK, "/etc/passwd"},
      {"hard link", "link", AE_IFREG, "/etc/passwd", true},
      {"pipe", "pipe", AE_IFIFO},
      {"device", "device", AE_IFCHR},
      {"a file twice", "plain.txt"},
      {"a file below a file", "plain.txt/below"},
  };
  for (const auto& hostile : hostiles) {
    const testing::Folder folder;
    write_hostile(folder.path() / "h.tar.gz", hostile);
    EXPECT_FALSE(unpack(folder.path() / "h.tar.gz", folder.path() / "in" / "out").ok()) << hostile.name;
    EXPECT_FALSE(fs::exists(folder.path() / "escaped") || fs::exists(folder.path() / "in/escaped")) << hostile.name;
    EXPECT_FALSE(fs::exists("/tmp/aisci-archive-escaped")) << hostile.name;
    for (const char* left : {"link", "pipe", "device"})
      EXPECT_FALSE(fs::exists(fs::symlink_status(folder.path() / "in/out" / left))) << hostile.name;
  }
}

TEST(Archive, WritesThroughNoLinkThatLiesBesideIt) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "a", "first").ok());
  ASSERT_TRUE(write_file(folder.path() / "victim", "precious").ok());
  fs::create_symlink(folder.path() / "victim", folder.path() / "p.tar.gz.part");
  fs::create_symlink(folder.path() / "victim", folder.path() / "p.tar.gz");
  ASSERT_TRUE(pack(folder.path() / "p.tar.gz", {{"one", folder.path() / "a"}}).ok());
  EXPECT_EQ(read_file(folder.path() / "victim").value(), "precious");
  EXPECT_TRUE(unpack(folder.path() / "p.tar.gz", folder.path() / "out").ok());
  EXPECT_FALSE(pack(folder.path() / "q.tar.gz", {{"one", folder.path() / "none"}}).ok());
  EXPECT_EQ(std::distance(fs::directory_iterator{folder.path()}, {}), 5);  // nothing unfinished is left
}

// An archive of zeros, packed so often.
void write_bomb(const fs::path& file, std::size_t megabytes, int times) {
  archive* out = archive_write_new();
  archive_write_set_format_pax(out);
  for (int i = 0; i < times; ++i) archive_write_add_filter_gzip(out);
  ASSERT_EQ(archive_write_open_filename(out, file.c_str()), ARCHIVE_OK);
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "zeros");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_size(entry, static_cast<la_int64_t>(megabytes << 20));
  archive_write_header(out, entry);
  const std::string zeros(1 << 20, '\0');
  for (std::size_t i = 0; i < megabytes; ++i) archive_write_data(out, zeros.data(), zeros.size());
  archive_entry_free(entry);
  archive_write_close(out);
  archive_write_free(out);
}

TEST(Archive, WhatIsMadeToFillADiskIsRefused) {
  const testing::Folder folder;
  for (const auto& [megabytes, times, most] : {std::tuple{200, 1, 110}, {4, 2, 0}, {200, 3, 0}}) {
    const fs::path file = folder.path() / "b.tar.gz", out = folder.path() / std::to_string(times);
    write_bomb(file, static_cast<std::size_t>(megabytes), times);
    EXPECT_EQ(unpack(file, out).code(), StatusCode::kInvalidArgument) << times;
    std::error_code error;
    const auto left = fs::exists(out / "zeros") ? fs::file_size(out / "zeros", error) : 0;
    EXPECT_LE(left >> 20, static_cast<std::uintmax_t>(most)) << times;
  }
  write_bomb(folder.path() / "small.tar.gz", 40, 1);
  EXPECT_TRUE(unpack(folder.path() / "small.tar.gz", folder.path() / "small").ok());
  // What could not be unpacked is not packed.
  ASSERT_TRUE(write_file(folder.path() / "zeros", std::string(200 << 20, '\0'), Durability::kBuffered).ok());
  EXPECT_EQ(pack(folder.path() / "z.tar.gz", {{"zeros", folder.path() / "zeros"}}).code(),
            StatusCode::kFailedPrecondition);
  EXPECT_FALSE(fs::exists(folder.path() / "z.tar.gz"));
}

TEST(Archive, DamageIsAnErrorAtAnyByte) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "a", "text of a file that is packed").ok());
  ASSERT_TRUE(pack(folder.path() / "p.tar.gz", {{"a", folder.path() / "a"}}).ok());
  const std::string whole = read_file(folder.path() / "p.tar.gz").value();
  ASSERT_TRUE(write_file(folder.path() / "text.tar.gz", "this is no archive").ok());
  EXPECT_EQ(unpack(folder.path() / "text.tar.gz", folder.path() / "none").code(), StatusCode::kInvalidArgument);
  for (std::size_t length = 0; length + 8 < whole.size(); length += 7) {
    ASSERT_TRUE(write_file(folder.path() / "cut.tar.gz", whole.substr(0, length)).ok());
    const Status status = unpack(folder.path() / "cut.tar.gz", folder.path() / ("cut" + std::to_string(length)));
    const auto left = read_file(folder.path() / ("cut" + std::to_string(length)) / "a");
    EXPECT_TRUE(!status.ok() || (left.ok() && *left == "text of a file that is packed")) << length;
  }
}

}  // namespace
}  // namespace aisci
