#include "literature/record.hpp"

#include <gtest/gtest.h>

#include "literature/nearness.hpp"

namespace aisci {
namespace {

json::object paper(const std::string& text) { return complete(json::parse(text).as_object()); }

TEST(Identity, DoiAndArxivNumbersInTheirSpellings) {
  EXPECT_EQ(normal_doi("https://doi.org/10.1109/CVPR.2016.90."), "10.1109/cvpr.2016.90");
  EXPECT_EQ(normal_doi("see the paper"), "");
  EXPECT_EQ(normal_arxiv("arXiv:1412.6980v9"), "1412.6980");
  EXPECT_EQ(normal_arxiv("https://arxiv.org/abs/2010.11929"), "2010.11929");
  EXPECT_EQ(normal_arxiv("http://arxiv.org/pdf/cs.LG/0301001v2"), "cs.LG/0301001");
  EXPECT_EQ(normal_arxiv("10.1038/323533a0"), "");
}

TEST(Identity, TitlesLoseCaseAccentsAndPunctuation) {
  EXPECT_EQ(normal_title("Über Größen: “Ein–Versuch” (I)"), "ubergrosseneinversuchi");
  EXPECT_EQ(normal_title("激活函数 ReLU"), "激活函数relu");
}

TEST(Identity, OnePaperInSeveralForms) {
  const auto a =
      paper(R"({"key":"a","title":"Adam: A Method","authors":["Diederik P. Kingma"],"year":2014,"arxiv":"1412.6980"})");
  EXPECT_TRUE(same_paper(a, paper(R"({"title":"Adam - a method","authors":["Kingma, D. P."],"year":2015})")));
  EXPECT_FALSE(same_paper(a, paper(R"({"title":"Adam - a method","authors":["Kingma, D. P."],"year":2017})")));
  EXPECT_FALSE(same_paper(a, paper(R"({"title":"Adam - a method","authors":["Jimmy Ba"],"year":2014})")));
  EXPECT_TRUE(same_paper(a, paper(R"({"title":"Another title","arxiv":"1412.6980v3"})")));
  EXPECT_FALSE(same_paper(
      a, paper(R"({"title":"Adam: A Method","authors":["Diederik P. Kingma"],"year":2014,"arxiv":"1999.00001"})")));
  const auto doi = paper(R"({"title":"T One Two","doi":"10.1000/ABC"})");
  EXPECT_TRUE(same_paper(doi, paper(R"({"title":"other","doi":"https://doi.org/10.1000/abc"})")));
  EXPECT_FALSE(same_paper(doi, paper(R"({"title":"T One Two","doi":"10.1000/abd"})")));
}

TEST(Merge, TheKeyIsThatOfTheRecordThatCanSupportAClaim) {
  const auto mine = paper(R"({"key":"mine","title":"T","authors":["A B"],"year":2020,"url":"http://x"})");
  const auto bundled = paper(
      R"({"key":"ab2020t","title":"T","authors":["A B"],"year":2020,"venue":"V","statements":["It holds."],"checked_in":"there"})");
  const auto both = merged(mine, bundled);
  EXPECT_EQ(text_of(both, "key"), "ab2020t");
  EXPECT_EQ(text_of(both, "checked_in"), "there");
  EXPECT_EQ(text_of(both, "venue"), "V");
  EXPECT_EQ(text_of(both, "url"), "http://x");
  EXPECT_EQ(array_of(both, "statements").size(), 1u);
  EXPECT_EQ(text_of(merged(bundled, mine), "key"), "ab2020t");
}

TEST(Fusion, OneListKeepsItsOrderAndTwoLoseDuplicates) {
  const auto a = paper(R"({"key":"a","title":"Alpha","year":2001})"),
             b = paper(R"({"key":"b","title":"Beta","year":2001})"),
             c = paper(R"({"key":"c","title":"Gamma","year":2001})"),
             again = paper(R"({"key":"b2","title":"beta","year":2002})");
  const auto keys = [](const std::vector<json::object>& records) {
    std::string out;
    for (const auto& record : records) out += text_of(record, "key") + " ";
    return out;
  };
  EXPECT_EQ(keys(fused({{a, b, c}}, 10)), "a b c ");
  EXPECT_EQ(keys(fused({{a, b}, {c, again}}, 10)), "b a c ");  // in both lists, so first
  EXPECT_EQ(keys(fused({{a, b}, {c, again}}, 1)), "b ");
  const auto taken = paper(R"({"key":"a","title":"Quite another","year":1990})");
  EXPECT_EQ(keys(fused({{a}, {taken}}, 10)), "a ");
}

TEST(Nearness, KnowsSpellingAndNoMeaning) {
  const auto vector = vector_of("weight normalisation of networks");
  EXPECT_NEAR(nearness(vector, vector), 1.0, 1e-6);
  EXPECT_GT(nearness(vector, vector_of("Weight Normalization of the network")), 0.6);
  EXPECT_LT(nearness(vector, vector_of("sourdough bread recipes")), 0.2);
  EXPECT_EQ(nearness(vector_of("of the and"), vector), 0.0);
}

TEST(Novelty, FallsWithTheNearestStatement) {
  const std::vector<json::object> records{
      paper(
          R"({"key":"gelu","title":"Gaussian Error Linear Units","statements":["GELU improves over ReLU on vision tasks."]})"),
      paper(R"({"key":"drop","title":"Dropout","statements":["Dropping units reduces overfitting."]})")};
  EXPECT_FALSE(novelty_of("anything", {}).has_value());
  const auto known = novelty_of("GELU improves over ReLU on vision tasks", records);
  ASSERT_TRUE(known.has_value());
  EXPECT_LT(known->value, kPublished);
  EXPECT_EQ(known->nearest, "gelu");
  EXPECT_LT(novelty_of("GELU improves over the ReLU on vision tasks", records)->value, kPublished);
  for (const char* other :
       {"ReLU improves over GELU on vision tasks.", "GELU never improves over ReLU on vision tasks."})
    EXPECT_GE(novelty_of(other, records)->value, kPublished) << other;
  const auto near = novelty_of("GELU exceeds ReLU in a small vision transformer", records);
  const auto far = novelty_of("Sequential halving saves evaluations", records);
  EXPECT_GT(near->value, known->value);
  EXPECT_GT(far->value, near->value);
  EXPECT_LE(far->value, 1.0);
}

}  // namespace
}  // namespace aisci
