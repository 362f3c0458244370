// The records that ship with the retriever `local`.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "base/files.hpp"
#include "literature/files.hpp"
#include "literature/record.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

const fs::path kSource{AISCI_SOURCE_DIR};

const Reading& bundled() {
  static const Reading reading = *read_literature(kSource / "plugins/retrievers/local/data");
  return reading;
}

TEST(Bundled, AreManyAndReadWithoutComplaint) {
  EXPECT_EQ(bundled().problems, std::vector<std::string>{});
  EXPECT_GE(bundled().records.size(), 120u);
}

TEST(Bundled, EachSaysWhatItIsAndWhereThatWasFound) {
  static const std::set<std::string> kMembers{"key",   "title", "authors", "year",       "venue",     "doi",
                                              "arxiv", "url",   "themes",  "statements", "checked_in"};
  static const std::regex kKey{"[a-z]+[0-9]{4}[a-z0-9]*"}, kArxiv{R"([0-9]{4}\.[0-9]{4,5})"};
  for (const auto& record : bundled().records) {
    const std::string key = text_of(record, "key");
    SCOPED_TRACE(key);
    EXPECT_TRUE(std::regex_match(key, kKey));
    std::set<std::string> members;
    for (const auto& entry : record) members.insert(std::string{entry.key()});
    EXPECT_EQ(members, kMembers);
    EXPECT_FALSE(array_of(record, "authors").empty());
    EXPECT_FALSE(array_of(record, "themes").empty());
    EXPECT_GT(integer_of(record, "year"), 1900);
    EXPECT_FALSE(text_of(record, "venue").empty());
    EXPECT_GT(text_of(record, "checked_in").size(), 10u);
    EXPECT_NE(text_of(record, "checked_in"), "the user's own file");
    const std::string arxiv = text_of(record, "arxiv");
    EXPECT_FALSE(text_of(record, "doi").empty() && arxiv.empty() && text_of(record, "url").empty());
    EXPECT_TRUE(arxiv.empty() || std::regex_match(arxiv, kArxiv)) << arxiv;
  }
}

// A paper prints them as they are: sentences, and no number that nothing vouches for.
TEST(Bundled, StatementsAreSentencesWithoutFigures) {
  for (const auto& record : bundled().records) {
    SCOPED_TRACE(text_of(record, "key"));
    EXPECT_FALSE(array_of(record, "statements").empty());
    for (const auto& value : array_of(record, "statements")) {
      const std::string text{value.as_string().c_str()};
      EXPECT_EQ(text.back(), '.') << text;
      EXPECT_TRUE(text.front() >= 'A' && text.front() <= 'Z') << text;
      EXPECT_EQ(text.find_first_of("0123456789"), std::string::npos) << text;
      EXPECT_LT(text.size(), 260u) << text;
    }
  }
}

TEST(Bundled, NoPaperStandsTwice) {
  const auto& records = bundled().records;
  std::map<std::string, std::string> titles;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const auto [at, fresh] = titles.emplace(normal_title(text_of(records[i], "title")), text_of(records[i], "key"));
    EXPECT_TRUE(fresh) << text_of(records[i], "key") << " and " << at->second;
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_FALSE(same_paper(records[i], records[j]))
          << text_of(records[i], "key") << " and " << text_of(records[j], "key");
  }
}

TEST(Bundled, TemplatesNameRecordsThatAreThere) {
  std::set<std::string> keys;
  for (const auto& record : bundled().records) keys.insert(text_of(record, "key"));
  int templates = 0;
  for (const auto& entry : fs::directory_iterator{kSource / "plugins/agents/design/templates"}) {
    const auto file = entry.path() / "template.json";
    if (!fs::exists(file)) continue;
    ++templates;
    const auto manifest = parse_json_object(*read_file(file), file.string());
    ASSERT_TRUE(manifest.ok()) << manifest.status().to_string();
    std::vector<std::string> named{text_of(object_of(*manifest, "dataset"), "citation")};
    for (const auto& factor : object_of(*manifest, "factors"))
      for (const auto& key : array_of(factor.value().as_object(), "records"))
        named.emplace_back(key.as_string().c_str());
    for (const auto& key : named)
      EXPECT_TRUE(key.empty() || keys.count(key)) << file << " names " << key << ", which is no bundled record";
  }
  EXPECT_GT(templates, 0);
}

}  // namespace
}  // namespace aisci
