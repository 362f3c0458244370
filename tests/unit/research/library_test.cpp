// The user's papers beside the shipped ones: in files, folders and a collection, as a study finds them.
#include "research/library.hpp"

#include <gtest/gtest.h>
#include <aisci/literature.hpp>
#include <aisci/scientist.hpp>

#include "base/files.hpp"
#include "base/text.hpp"
#include "support/folder.hpp"

namespace aisci {
namespace {

constexpr const char* kBib = R"(
@article{mine2024smooth, title={Smooth Activations on Handwritten Letters}, author={Roe, Jane}, year=2024,
  abstract={GELU exceeds ReLU on handwritten letters.}}
@article{theirs, title={Gaussian Error Linear Units ({GELU}s)}, author={Hendrycks, Dan}, year=2016, eprint={1606.08415}}
@article{silent2020, title={A Survey of Activation Functions for Letters}, author={Doe, John}, year=2020}
@article{broken, title={No end)";

class UsersPapers : public ::testing::Test {
 protected:
  void SetUp() override {
    options_.literature_store = "none";
    ASSERT_TRUE(write_file(bib(), kBib).ok());
    ASSERT_TRUE(registry_.load_folder(Registry::shipped_folder()).ok());
  }
  std::filesystem::path bib() const { return folder_.path() / "refs" / "mine.bib"; }
  std::filesystem::path store() const { return folder_.path() / "collection"; }
  std::vector<json::object> search(const std::string& words) {
    const auto search =
        literature_search(options_, registry_, [this](const std::string& line) { told_ += line + "\n"; });
    return search.value()(words, 10).value();
  }
  static const json::object* with_key(const std::vector<json::object>& records, const std::string& key) {
    for (const auto& record : records)
      if (text_of(record, "key") == key) return &record;
    return nullptr;
  }

  testing::Folder folder_;
  Options options_;
  Registry registry_;
  std::string told_;
};

TEST_F(UsersPapers, OfAFileAreFoundBesideTheShipped) {
  const auto shipped = search("GELU activation of letters");
  EXPECT_EQ(with_key(shipped, "mine2024smooth"), nullptr);
  options_.literature = bib().string();
  const auto found = search("GELU activation of letters");
  const auto* mine = with_key(found, "mine2024smooth");
  ASSERT_NE(mine, nullptr);
  EXPECT_EQ(array_of(*mine, "statements").size(), 1u);
  // One paper known to both is one record, under the key that its statements are cited by.
  EXPECT_EQ(with_key(found, "theirs"), nullptr);
  const auto* gelu = with_key(found, "hendrycks2016gelu");
  ASSERT_NE(gelu, nullptr);
  EXPECT_FALSE(array_of(*gelu, "statements").empty());
  // Without abstract it is found and says nothing: nothing can be cited from it.
  const auto* silent = with_key(found, "silent2020");
  ASSERT_NE(silent, nullptr);
  EXPECT_TRUE(array_of(*silent, "statements").empty());
  EXPECT_NE(told_.find("mine.bib, line 6: the entry broken"), std::string::npos) << told_;
}

TEST_F(UsersPapers, OfACollectionAreAddedListedAndFound) {
  const auto added = add_literature(folder_.path() / "refs", store());
  ASSERT_TRUE(added.ok()) << added.status().to_string();
  EXPECT_EQ(added->added, 3);
  ASSERT_EQ(added->problems.size(), 1u);
  EXPECT_NE(added->problems[0].find("mine.bib, line 6"), std::string::npos) << added->problems[0];
  EXPECT_EQ(add_literature(bib(), store())->unchanged, 3);
  EXPECT_EQ(list_literature(store())->size(), 3u);
  EXPECT_EQ(list_literature(folder_.path()).status().code(), StatusCode::kNotFound);

  options_.literature_store = store().string();
  EXPECT_NE(with_key(search("smooth activations"), "mine2024smooth"), nullptr);
  options_.literature_store = "none";
  options_.literature = store().string();  // a collection can be named like a file
  EXPECT_NE(with_key(search("smooth activations"), "mine2024smooth"), nullptr);
  const auto papers = search_literature("smooth activations", 1, options_);
  ASSERT_TRUE(papers.ok()) << papers.status().to_string();
  ASSERT_EQ(papers->size(), 1u);
  EXPECT_EQ(papers->front().key, "mine2024smooth");
  EXPECT_EQ(papers->front().authors, std::vector<std::string>{"Jane Roe"});
}

TEST_F(UsersPapers, AreNotOpenedBeforeTheFirstSearch) {
  options_.literature = (folder_.path() / "gone.bib").string();
  const auto search = literature_search(options_, registry_, {});
  ASSERT_TRUE(search.ok());  // a study that is looked at again has its records and needs no file
  EXPECT_EQ((*search)("words", 10).status().code(), StatusCode::kNotFound);
}

TEST_F(UsersPapers, ThatAreNotThereStopAStudyBeforeItBegins) {
  for (const auto& [literature, store] : {std::pair{(folder_.path() / "gone.bib").string(), std::string{"none"}},
                                          std::pair{std::string{}, (folder_.path() / "no store").string()}}) {
    options_.literature = literature;
    options_.literature_store = store;
    Scientist scientist{options_};
    const auto started = scientist.start("Does dropout help a small CNN?", folder_.path() / "study");
    EXPECT_EQ(started.status().code(), StatusCode::kNotFound);
    EXPECT_NE(started.status().message().find(folder_.path().string()), std::string::npos)
        << started.status().message();
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "study"));
  }
}

}  // namespace
}  // namespace aisci
