// tree.html: what it shows of every node, and that nothing in it can run or load anything.
#include "research/tree_page.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace aisci {
namespace {

constexpr const char* kHostile = "<script>alert(1)</script> \"quoted' & <img src=x onerror=alert(1)>";

Evidence evidence_of(double difference) {
  Evidence evidence;
  evidence.blocks = {11, 12};
  evidence.arms = {{"a", kHostile, {0.9, 0.8}, 0.85, 0.05, 0.8, 0.9}, {"b", "B", {0.7, 0.7}, 0.7, 0.0, 0.7, 0.7}};
  evidence.contrast.values = {difference, difference};
  evidence.contrast.mean = evidence.contrast.lower = evidence.contrast.upper = difference;
  evidence.probability_above = 0.75;
  evidence.probability_below = 0.05;
  return evidence;
}

StudyView hostile_study() {
  StudyView study;
  study.question = kHostile;
  study.ended_by = "max_experiments";
  Node node;
  node.id = "n1";
  node.hypothesis = {{"statement", kHostile}, {"rationale", kHostile}};
  node.plan.document = {{"title", kHostile}};
  node.plan.smallest_effect = 0.02;
  node.plan.contrast.predicted_sign = 1;
  node.evidence = evidence_of(0.05);
  node.score = NodeScore{};
  node.score->judgements = {{"value.impact", 4, kHostile}};
  study.nodes = {node, node};
  study.nodes[1].id = "n2";
  study.nodes[1].parent = "n1";
  study.nodes[1].evidence.reset();
  study.nodes[1].score.reset();
  study.nodes[1].failure = kHostile;
  Claim claim;
  claim.id = "c1";
  claim.node = "n1";
  claim.hypothesis = node.hypothesis;
  claim.plan = node.plan;
  claim.evidence = evidence_of(0.01);
  claim.verdict = "supported";
  study.claims = {claim};
  return study;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

TEST(TreePage, ShowsPlanCodeMetricsDrawingAndPosteriorOfEveryNode) {
  const std::string page = tree_page(hostile_study(), {{"n1", {{"experiment.py", "print('a & b')\n"}}},
                                                       {"n2", {{"experiment.py", "print('a & b')\n"}}}});
  EXPECT_NE(page.find("<b>n2</b>"), std::string::npos);
  EXPECT_NE(page.find("<summary>plan</summary>"), std::string::npos);
  EXPECT_EQ(count(page, "print(&#39;a &amp; b&#39;)"), 1u) << "code that two nodes share stands once";
  EXPECT_NE(page.find("as above"), std::string::npos);
  EXPECT_NE(page.find("<td>11</td>"), std::string::npos);
  EXPECT_EQ(count(page, "<circle"), 8u) << "four blocks of a node and of a claim";
  EXPECT_NE(page.find("as predicted with probability 0.75, against the prediction with 0.05, neither with 0.20"),
            std::string::npos);
  EXPECT_NE(page.find("it saw 5.0 points, confirmation 1.0 points; the difference is 4.0 points"), std::string::npos);
}

// What the drawings' labels say, line by line.
std::vector<std::string> drawn_lines(const std::string& page) {
  std::vector<std::string> out;
  const std::string mark = "text-anchor=\"end\">";
  for (auto at = page.find(mark); at != std::string::npos; at = page.find(mark, at + 1))
    out.push_back(page.substr(at + mark.size(), page.find('<', at) - at - mark.size()));
  return out;
}

TEST(TreePage, ALabelIsDrawnWholeOverLinesThatEndAtWordsAndAtLetters) {
  StudyView study = hostile_study();
  study.claims.clear();
  study.nodes.resize(1);
  study.nodes[0].evidence->arms[0].label = "batch normalisation alone, without any dropout";
  study.nodes[0].evidence->arms[1].label =
      "\u6279\u91cf\u5f52\u4e00\u5316\u4e0e\u5c42\u5f52\u4e00\u5316\u7684\u5bf9\u6bd4\u5b9e\u9a8c";
  const auto lines = drawn_lines(tree_page(study, {}));
  ASSERT_EQ(lines.size(), 6u) << "three lines, two, and the end of the scale";
  EXPECT_EQ(lines[0], "batch normalisation");
  EXPECT_EQ(lines[1], "alone, without any");
  EXPECT_EQ(lines[2], "dropout");
  EXPECT_EQ(lines[3] + lines[4], study.nodes[0].evidence->arms[1].label);
  EXPECT_TRUE(is_utf8(lines[3])) << lines[3];
}

TEST(TreePage, ShowsWhyAModelJudgedANodeAsItDid) {
  const std::string page = tree_page(hostile_study(), {});
  EXPECT_EQ(count(page, "Judged by a model, value.impact, 4: &lt;script&gt;alert(1)&lt;/script&gt;"), 1u);
}

TEST(TreePage, RunsAndLoadsNothing) {
  const std::string page = tree_page(hostile_study(), {{"n1", {{kHostile, kHostile}}}});
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(page.find("http://"), std::string::npos);
  EXPECT_EQ(page.find("https://"), std::string::npos);
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;"), std::string::npos);
}

}  // namespace
}  // namespace aisci
