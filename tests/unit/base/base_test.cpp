#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cmath>
#include <vector>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "support/comma_locale.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

TEST(Status, SaysItsCodeAndMessage) {
  EXPECT_EQ(not_found("no study").to_string(), "NOT_FOUND: no study");
  EXPECT_EQ(Status{}.to_string(), "OK");
  EXPECT_EQ(not_found("x").with_context("reading").message(), "reading: x");
  EXPECT_EQ(Status{}.with_context("reading"), Status{});
}

TEST(Result, HoldsAValueOrTheReasonForNone) {
  const Result<int> seven{7};
  EXPECT_TRUE(seven.ok());
  EXPECT_EQ(*seven, 7);
  const Result<int> none{not_found("gone")};
  EXPECT_EQ(none.status().code(), StatusCode::kNotFound);
  EXPECT_THROW(static_cast<void>(none.value()), StatusError);
  EXPECT_EQ(Result<int>{Status{}}.status().code(), StatusCode::kInternal);
}

TEST(Random, SameSeedSameNumbersAndForksAreIndependentOfWhatWasDrawn) {
  Random a{42}, b{42};
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a(), b());
  EXPECT_EQ(a.fork(3)(), Random{42}.fork(3)());
  EXPECT_NE(a.fork(3)(), a.fork(4)());
}

TEST(Random, FirstNumbersNeverChange) {
  Random random{1};
  const std::vector<std::uint64_t> first{random(), random()};
  Random again{1};
  EXPECT_EQ(first[0], again());
  double sum = 0, squares = 0;
  for (int i = 0; i < 20000; ++i) {
    const double x = random.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 20000, 0.0, 0.03);
  EXPECT_NEAR(squares / 20000, 1.0, 0.05);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(6), 6u);
}

TEST(Hash, IsSha256) {
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Json, CanonicalTextDoesNotDependOnTheOrderOfMembers) {
  const auto a = parse_json(R"({"b": [1, 2.5], "a": {"y": null, "x": "é"}})", "a").value();
  const auto b = parse_json(R"({"a":{"x":"é","y":null},"b":[1,2.5E0]})", "b").value();
  EXPECT_EQ(canonical(a), canonical(b));
  EXPECT_EQ(canonical(parse_json(pretty(a), "pretty").value()), canonical(a));
}

TEST(Json, PrettyPrintsNumbersAsPeopleWriteThem) {
  const json::object document{{"rate", 5e-2}, {"whole", 1.0}, {"count", 3}, {"list", json::array{0.25, -2.0, 7}}};
  EXPECT_EQ(pretty(document),
            "{\n  \"rate\": 0.05,\n  \"whole\": 1.0,\n  \"count\": 3,\n  \"list\": [0.25, -2.0, 7]\n}\n");
}

TEST(Json, ErrorsNameWhatWasRead) {
  EXPECT_NE(parse_json("{", "plan.json").status().message().find("plan.json"), std::string::npos);
  EXPECT_FALSE(parse_json("{} x", "plan.json").ok());
  EXPECT_FALSE(parse_json_object("[1]", "plan.json").ok());
}

TEST(Json, PathsThatEndNowhereAreNull) {
  const auto document = parse_json(R"({"a": {"b": 3}})", "x").value();
  EXPECT_EQ(at(document, "a.b").as_int64(), 3);
  EXPECT_TRUE(at(document, "a.c.d").is_null());
}

TEST(Files, WrittenFilesComeBackAndNothingElseIsLeft) {
  testing::Folder folder;
  const auto path = folder.path() / "deep" / "file.txt";
  ASSERT_TRUE(write_file(path, "one").ok());
  ASSERT_TRUE(write_file(path, "two").ok());
  EXPECT_EQ(read_file(path).value(), "two");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{path.parent_path()}, {}), 1);
}

TEST(Files, BufferedFilesComeBackBeforeAndAfterTheySync) {
  const testing::Folder folder;
  const auto path = folder.path() / "deep" / "file";
  ASSERT_TRUE(write_file(path, "buffered", Durability::kBuffered).ok());
  EXPECT_EQ(read_file(path).value(), "buffered");
  ASSERT_TRUE(copy_regular_file(path, folder.path() / "copy", Durability::kBuffered).ok());
  ASSERT_TRUE(sync_files(folder.path()).ok());
  EXPECT_EQ(read_file(folder.path() / "copy").value(), "buffered");
  EXPECT_EQ(sync_files(folder.path() / "missing").code(), StatusCode::kNotFound);
}

TEST(Files, WhatIsNoRegularFileIsRefused) {
  testing::Folder folder;
  const auto fifo = folder.path() / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(read_file(fifo).status().code(), StatusCode::kInvalidArgument);
  ASSERT_TRUE(write_file(folder.path() / "real", "x").ok());
  std::filesystem::create_symlink(folder.path() / "real", folder.path() / "link");
  EXPECT_FALSE(read_file(folder.path() / "link").ok());
  EXPECT_EQ(read_file(folder.path() / "none").status().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_file(folder.path() / "real", 0).status().code(), StatusCode::kResourceExhausted);
}

TEST(Files, HashesAreOfRegularFilesAlone) {
  const testing::Folder folder;
  const std::string text(200'000, 'x');
  ASSERT_TRUE(write_file(folder.path() / "real", text).ok());
  EXPECT_EQ(sha256_file(folder.path() / "real").value(), sha256(text));
  ASSERT_EQ(::mkfifo((folder.path() / "fifo").c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/zero", folder.path() / "endless");
  std::filesystem::create_symlink(folder.path() / "real", folder.path() / "link");
  for (const char* other : {"fifo", "endless", "link"})
    EXPECT_EQ(sha256_file(folder.path() / other).status().code(), StatusCode::kInvalidArgument) << other;
  EXPECT_EQ(sha256_file(folder.path() / "none").status().code(), StatusCode::kNotFound);
}

TEST(Files, NamesFromElsewhereStayBelowTheirFolder) {
  const testing::Folder folder;
  const auto inside = folder.path() / "inside", outside = folder.path() / "outside";
  ASSERT_TRUE(write_file(outside / "victim", "precious").ok());
  ASSERT_TRUE(write_below(inside, "deep/er/file.py", "text").ok());
  ASSERT_TRUE(write_below(inside, "deep/er/file.py", "other text", Durability::kBuffered).ok());
  EXPECT_EQ(read_file(inside / "deep/er/file.py").value(), "other text");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{inside / "deep/er"}, {}), 1);
  const std::string absolute = (outside / "new").string();
  for (const std::string& name :
       {std::string{"../outside/new"}, std::string{"deep/../../outside/new"}, absolute, std::string{}, std::string{"."},
        std::string{".."}, std::string{"a//b"}, std::string{"a/"}, std::string{"a\0b", 3}})
    EXPECT_EQ(write_below(inside, name, "x").code(), StatusCode::kInvalidArgument) << name;
  std::filesystem::create_directory_symlink(outside, inside / "link");
  std::filesystem::create_symlink(outside / "victim", inside / "file");
  EXPECT_EQ(write_below(inside, "link/new", "x").code(), StatusCode::kPermissionDenied);
  EXPECT_EQ(write_below(inside, "deep/er/file.py/new", "x").code(), StatusCode::kPermissionDenied);
  EXPECT_TRUE(write_below(inside, "file", "x").ok());  // in the link's place
  EXPECT_EQ(read_file(outside / "victim").value(), "precious");
  EXPECT_EQ(read_file(inside / "file").value(), "x");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator{outside}, {}), 1);
  // The folder itself may be reached through a link.
  std::filesystem::create_directory_symlink(inside, folder.path() / "here");
  EXPECT_TRUE(write_below(folder.path() / "here", "a", "x").ok());
}

// The name of an unfinished file can be known beforehand, and may be another's.
TEST(Files, WhatLiesWhereAnUnfinishedFileGoesIsNotWrittenTo) {
  const testing::Folder folder;
  ASSERT_TRUE(write_file(folder.path() / "victim", "precious").ok());
  for (int number = 0; number < 500; ++number)
    std::filesystem::create_hard_link(
        folder.path() / "victim",
        folder.path() / ("file.part" + std::to_string(::getpid()) + "-" + std::to_string(number)));
  ASSERT_TRUE(write_file(folder.path() / "file", "text").ok());
  EXPECT_EQ(read_file(folder.path() / "file").value(), "text");
  EXPECT_EQ(read_file(folder.path() / "victim").value(), "precious");
}

TEST(Text, NumbersHaveNoNegativeZero) {
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(fixed(-0.06, 1), "-0.1");
  EXPECT_EQ(fixed(-1e31, 3), "-1.000e+31");
  EXPECT_EQ(fixed(999999999999.0, 0), "999999999999");
}

TEST(Text, NearestNameIsFoundAndFarOnesAreNot) {
  EXPECT_EQ(nearest("max_experiment", {"max_experiments", "max_iterations"}), "max_experiments");
  EXPECT_EQ(nearest("zzzzzzzz", {"max_experiments"}), "");
}

TEST(Text, DifferenceShowsTheStretchWhereTwoLongTextsPart) {
  const std::string same(500, 'x');
  const auto [first, second] = difference(same + "left", same + "right");
  EXPECT_EQ(first, "..." + std::string(40, 'x') + "left");
  EXPECT_EQ(second, "..." + std::string(40, 'x') + "right");
  const auto [whole, longer] = difference("a", "ab");
  EXPECT_EQ(whole, "a");
  EXPECT_EQ(longer, "ab");
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "\xc3\xa9";
  EXPECT_TRUE(is_utf8(difference("x" + accents + "1", "x" + accents + "2").first));
}

TEST(Text, PrintableDropsControlCharactersAndBrokenUtf8) {
  EXPECT_EQ(printable("a\x1b[31m\xff\xc3\xa9\n", 100), "a[31m\xc3\xa9\n");
  EXPECT_EQ(printable("\xc3\xa9\xc3\xa9", 3), "\xc3\xa9");
  EXPECT_FALSE(is_utf8("\xed\xa0\x80"));
}

TEST(Text, PrintableDropsWhatTerminalsActOnAndWhatTurnsTexts) {
  const std::string text =
      "a\xc2\x9b"
      "2Jb\x7f\u202e\u2066\u2069\u200e\u200f\u061c\u00a0\u2030\u2070\r\bc\x1b[0m\td\n";
  EXPECT_EQ(printable(text), "a2Jb\u00a0\u2030\u2070c[0m\td\n");
  EXPECT_EQ(printable(std::string{"a\0b", 3}), "ab");
  EXPECT_EQ(printable_json("{\"a\": \"\xc2\x9b\u202e\x7f\xffü\"}\n"), "{\"a\": \"\\u009b\\u202e\\u007f\\ufffdü\"}\n");
}

TEST(Numbers, AreWholeTextsInTheLocaleOfC) {
  const testing::CommaLocale locale;
  ASSERT_EQ(locale.problem(), "");
  EXPECT_EQ(parsed_number("2.5"), 2.5);
  EXPECT_EQ(parsed_number("-1e-05"), -1e-05);
  EXPECT_EQ(fixed(12345.678, 1), "12345.7");
  for (const char* other : {"", " 1", "1 ", "+1", "1,5", "1.5 s", "nan", "inf", "1e999", "."})
    EXPECT_EQ(parsed_number(other), std::nullopt) << other;
}

}  // namespace
}  // namespace aisci
