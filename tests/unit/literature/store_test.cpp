#include "literature/store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "literature/files.hpp"
#include "literature/record.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

class Store : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("aisci-store-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static std::vector<json::object> papers() {
    return read_bibtex(R"(
@article{drop, title={Dropout as Regularization}, author={Ann Smith}, year=2014, eprint={1401.00001}, abstract={Dropping units reduces overfitting in networks.}}
@article{norm, title={Layer Normalisation}, author={Bob Jones}, year=2016, doi={10.1000/norm}, keywords={normalisation}}
@article{tree, title={Forests of Trees}, author={Zoë Müller}, year=2001})",
                       "x.bib")
        .records;
  }
  static std::vector<std::string> keys(const std::vector<json::object>& records) {
    std::vector<std::string> out;
    for (const auto& record : records) out.push_back(text_of(record, "key"));
    return out;
  }

  fs::path folder_;
};

TEST_F(Store, KeepsPapersAndFindsThemAgain) {
  {
    auto store = PaperStore::open(folder_, PaperStore::kWrite);
    ASSERT_TRUE(store.ok()) << store.status().to_string();
    const auto report = (*store)->add(papers());
    ASSERT_TRUE(report.ok()) << report.status().to_string();
    EXPECT_EQ(report->added, 3);
  }
  auto store = PaperStore::open(folder_, PaperStore::kRead);
  ASSERT_TRUE(store.ok()) << store.status().to_string();
  EXPECT_EQ(keys(*(*store)->list()), (std::vector<std::string>{"drop", "norm", "tree"}));
  EXPECT_EQ(keys(*(*store)->search("dropping out units", 10)).front(), "drop");
  EXPECT_EQ(keys(*(*store)->search("normalization", 10)), (std::vector<std::string>{"norm"}));  // the other spelling
  EXPECT_EQ(keys(*(*store)->search("muller", 10)), (std::vector<std::string>{"tree"}));         // without its accent
  EXPECT_TRUE((*store)->search("sourdough", 10)->empty());
  EXPECT_TRUE((*store)->search("\" OR NEAR( *", 10).ok());  // no syntax of the index is the user's
  EXPECT_TRUE((*store)->search("", 10)->empty());
}

TEST_F(Store, APaperThatComesAgainIsMerged) {
  auto store = PaperStore::in_memory();
  ASSERT_TRUE(store.ok());
  ASSERT_TRUE((*store)->add(papers()).ok());
  const auto again = (*store)->add(papers());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->unchanged, 3);
  const auto more = (*store)->add({complete(
      json::parse(
          R"({"key":"other","title":"Layer normalisation","doi":"10.1000/NORM","statements":["It helps recurrent networks."]})")
          .as_object())});
  ASSERT_TRUE(more.ok());
  EXPECT_EQ(more->merged, 1);
  EXPECT_EQ(keys(*(*store)->list()), (std::vector<std::string>{"drop", "other", "tree"}));
  EXPECT_EQ(keys(*(*store)->search("recurrent", 5)), (std::vector<std::string>{"other"}));
}

TEST_F(Store, AKeyOfAnotherPaperIsRefusedAndTheRestIsKept) {
  auto store = PaperStore::in_memory();
  ASSERT_TRUE((*store)->add(papers()).ok());
  const auto report = (*store)->add(
      read_bibtex("@misc{drop, title={Quite another thing}}\n@misc{fresh, title={Something new}}", "y.bib").records);
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->added, 1);
  ASSERT_EQ(report->problems.size(), 1u);
  EXPECT_NE(report->problems[0].find("drop"), std::string::npos);
}

TEST_F(Store, WhatIsNoStoreIsSaid) {
  EXPECT_EQ(PaperStore::open(folder_, PaperStore::kRead).status().code(), StatusCode::kNotFound);
  fs::create_directories(folder_);
  std::ofstream{folder_ / "literature.db"} << std::string(5000, 'x');
  const auto broken = PaperStore::open(folder_, PaperStore::kWrite);
  EXPECT_EQ(broken.status().code(), StatusCode::kDataLoss) << broken.status().to_string();
  EXPECT_NE(broken.status().message().find("literature.db"), std::string::npos);
}

TEST_F(Store, FoldersAreReadInOrderAndUnknownKindsRefused) {
  fs::create_directories(folder_ / "sub");
  std::ofstream{folder_ / "b.bib"} << "@misc{b, title={Bee}}";
  std::ofstream{folder_ / "sub/a.jsonl"} << R"({"key":"a","title":"Ay"})";
  std::ofstream{folder_ / "notes.txt"} << "nothing";
  const auto reading = read_literature(folder_);
  ASSERT_TRUE(reading.ok());
  EXPECT_EQ(keys(reading->records), (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(read_literature(folder_ / "notes.txt").status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(read_literature(folder_ / "gone.bib").status().code(), StatusCode::kNotFound);
  fs::create_directories(folder_ / "empty");
  EXPECT_EQ(read_literature(folder_ / "empty").status().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace aisci
