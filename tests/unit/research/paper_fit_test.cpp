// A paper that is too long for its format: what leaves the body, in what order, and that nothing is lost.
#include "research/paper_fit.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace aisci {
namespace {

json::object paragraph(const std::string& text) { return {{"type", "paragraph"}, {"text", text}}; }
json::object figure(const char* id) { return {{"type", "figure"}, {"id", id}}; }
json::object section(const char* id, json::array blocks) {
  return {{"id", id}, {"title", id}, {"blocks", std::move(blocks)}};
}

const json::object& model() {
  static const json::object kModel{
      {"title", "T"},
      {"abstract", "A {{verdict:c1}}."},
      {"sections",
       json::array{
           section("introduction", {paragraph("intro"), paragraph("more intro")}),
           section("related", {paragraph("theme one"), paragraph("theme two")}),
           section("method", {paragraph("how"), paragraph("how exactly")}),
           section("results", {paragraph("search"), json::object{{"type", "table"}, {"id", "search"}}, figure("f1"),
                               figure("f2"), paragraph("claim {{c1.contrast.mean}}"), figure("f3")}),
           section("limitations", {paragraph("limits")}), section("conclusion", {paragraph("end")})}},
      {"appendix", json::array{section("reproducibility", {paragraph("how to check")})}}};
  return kModel;
}

PaperFit fit() {
  return {model(),
          {{{"id", "f1"}, {"kind", "forest"}},
           {{"id", "f2"}, {"kind", "tree"}},
           {{"id", "f3"}, {"kind", "paired"}, {"subject", "c1"}}}};
}

// Blocks of a part, as JSON.
std::multiset<std::string> blocks(const json::object& paper, const char* part) {
  std::multiset<std::string> out;
  for (const auto& one : array_of(paper, part))
    for (const auto& block : array_of(one.as_object(), "blocks"))
      if (const std::string text = json::serialize(block); text.find("The appendix continues") == std::string::npos)
        out.insert(text);
  return out;
}

TEST(PaperFit, LeavesThePaperAloneUntilAsked) { EXPECT_EQ(fit().shortened(), model()); }

TEST(PaperFit, MovesTheSearchFirstAndLosesNothing) {
  PaperFit one = fit();
  auto all = blocks(model(), "sections");
  all.merge(blocks(model(), "appendix"));
  std::vector<std::string> order;
  std::multiset<std::string> before = blocks(model(), "sections");
  while (one.move(0)) {
    const json::object now = one.shortened();
    auto left = blocks(now, "sections"), both = left;
    both.merge(blocks(now, "appendix"));
    EXPECT_EQ(both, all) << "after " << one.moved();
    for (const auto& block : before)
      if (left.count(block) == 0) order.push_back(block);
    before = left;
  }
  ASSERT_EQ(order.size(), one.most());
  EXPECT_NE(order[0].find("\"search\""), std::string::npos) << order[0];
  EXPECT_NE(order[1].find("f2"), std::string::npos) << order[1];
  for (const char* stays : {"limits", "end", "claim {{c1", "f1", "\"intro\""})
    EXPECT_TRUE(std::any_of(before.begin(), before.end(), [&](const std::string& block) {
      return block.find(stays) != std::string::npos;
    })) << stays;
  EXPECT_FALSE(one.move(0.5)) << "nothing is left to move";
}

TEST(PaperFit, KeepsWhatIsAnnouncedWithItsAnnouncement) {
  json::object paper = model();
  auto& method = paper["sections"].as_array()[2].as_object()["blocks"].as_array();
  method.push_back(paragraph("is made of parts:"));
  method.push_back(json::object{{"type", "equation"}, {"text", "v = N"}});
  method.push_back(paragraph("and is:"));
  method.push_back(json::object{{"type", "list"}, {"items", json::array{"one thing;", "or another."}}});
  auto& results = paper["sections"].as_array()[3].as_object()["blocks"].as_array();
  results.insert(results.begin() + 4, json::object{{"type", "equation"}, {"text", "after a figure"}});
  auto& introduction = paper["sections"].as_array()[0].as_object()["blocks"].as_array();
  introduction.push_back(paragraph("We give:"));
  introduction.push_back(json::object{{"type", "list"}, {"items", json::array{"{{verdict:c1}};"}}});
  PaperFit one{paper, {{{"id", "f1"}, {"kind", "forest"}}, {{"id", "f2"}, {"kind", "tree"}}}};
  bool bare = false;  // a formula is not bound to a figure
  do {
    const auto left = blocks(one.shortened(), "sections");
    const auto stands = [&](const char* what) {
      return std::any_of(left.begin(), left.end(),
                         [&](const std::string& block) { return block.find(what) != std::string::npos; });
    };
    EXPECT_EQ(stands("is made of parts:"), stands("v = N")) << "after " << one.moved();
    EXPECT_EQ(stands("and is:"), stands("one thing;")) << "after " << one.moved();
    const auto figure_left = left.count(R"({"type":"figure","id":"f2"})");
    bare = bare || (figure_left == 0 && stands("after a figure"));
    EXPECT_TRUE(stands("We give:") && stands("{{verdict:c1}};")) << "a list on a claim keeps its announcement";
  } while (one.move(0));
  EXPECT_TRUE(bare);
}

TEST(PaperFit, MovesAsMuchAsIsAskedAtOnce) {
  PaperFit one = fit();
  EXPECT_TRUE(one.move(0.3));
  EXPECT_GT(one.moved(), 1u);
  PaperFit again = fit();
  again.move_to(one.moved());
  EXPECT_EQ(again.shortened(), one.shortened());
}

}  // namespace
}  // namespace aisci
