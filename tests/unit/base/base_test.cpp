#include <gtest/gtest.h>
#include <sys/stat.h>
#include <aisci/random.hpp>
#include <aisci/status.hpp>

#include <cmath>
#include <vector>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
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

TEST(Text, NumbersHaveNoNegativeZero) {
  EXPECT_EQ(fixed(-0.04, 1), "0.0");
  EXPECT_EQ(fixed(-0.06, 1), "-0.1");
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

}  // namespace
}  // namespace aisci
