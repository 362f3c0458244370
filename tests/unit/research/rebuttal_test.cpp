#include "research/rebuttal.hpp"

#include <gtest/gtest.h>

namespace aisci {
namespace {

// The reviewers are no people, and a paper that no answer changed is not called revised.
TEST(Rebuttal, SaysWhoReviewedAndWhetherThePaperChanged) {
  const json::object review{
      {"reviewer", "careful"}, {"overall", 6}, {"decision", "accept"}, {"weaknesses", json::array{}}};
  ReviewRounds rounds;
  rounds.before = rounds.after = {review};
  rounds.meta = json::object{{"summary", "One reviewer read the paper."},
                             {"points", json::array{json::object{{"id", "p1"}, {"text", "Small."}, {"entry", "n4"}}}}};
  rounds.responses = json::array{json::object{{"point", "p1"}, {"action", "concession"}, {"text", "So it is."}}};
  const auto printed = [&] { return json::serialize(resolve_rebuttal(rounds, {}, {}, {}).document); };
  const std::string same = printed();
  EXPECT_NE(same.find("profiles by which aisci reads a paper, not people"), std::string::npos) << same;
  EXPECT_NE(same.find("No answer changed the paper"), std::string::npos);
  EXPECT_EQ(same.find("Revised"), std::string::npos);
  EXPECT_NE(same.find("Point 1, raised at node n4"), std::string::npos);
  rounds.changed = true;
  EXPECT_NE(printed().find("The reviewers read the revised paper with these answers before them; no answer led to a "
                           "run."),
            std::string::npos);
  EXPECT_NE(printed().find("were merged: by a concession."), std::string::npos) << printed();
  EXPECT_NE(printed().find(R"("ref":"scores")"), std::string::npos) << "the text leads to its table";
  for (const char* more : {"p2", "p3"}) {
    rounds.meta["points"].as_array().push_back(json::object{{"id", more}, {"text", "Late."}, {"entry", more}});
    rounds.responses.push_back(json::object{{"point", more}, {"action", "answer"}, {"text", "It is early."}});
  }
  EXPECT_NE(printed().find("were merged: points 2 and 3 from what the text says; point 1 by a concession."),
            std::string::npos)
      << printed();
  EXPECT_NE(printed().find("Revised"), std::string::npos);
}

// A reader learns what the answers left of the points.
TEST(Rebuttal, SaysWhichPointsTheSecondReadingHoldsToo) {
  const auto review = [](const json::array& weaknesses) {
    return json::object{{"reviewer", "careful"}, {"overall", 6}, {"decision", "accept"}, {"weaknesses", weaknesses}};
  };
  const json::object small{{"id", "p1"}, {"text", "Small."}, {"entry", "c1"}},
      narrow{{"id", "p2"}, {"text", "Narrow."}, {"entry", ""}}, late{{"text", "Late."}, {"entry", "n4"}};
  ReviewRounds rounds;
  rounds.before = {review({small, narrow})};
  rounds.meta = json::object{{"points", json::array{small, narrow}}};
  for (const char* point : {"p1", "p2"})
    rounds.responses.push_back(json::object{{"point", point}, {"action", "concession"}, {"text", "So it is."}});
  const auto says = [&](json::array weaknesses, const char* words) {
    rounds.after = {review(std::move(weaknesses))};
    return json::serialize(resolve_rebuttal(rounds, {}, {}, {}).document).find(words) != std::string::npos;
  };
  EXPECT_TRUE(says({narrow}, "Raised once more in the second reading: point 2 (careful). Raised no longer: point 1."));
  EXPECT_TRUE(says({small, narrow}, "Raised once more in the second reading: point 1 (careful); point 2 (careful)."));
  EXPECT_TRUE(says({}, "Raised no longer: point 1, point 2."));
  EXPECT_FALSE(says({small}, "New in it"));
  EXPECT_TRUE(says({small}, "So it is.") && says({small}, "Answered as point 1 is.")) << "the second in the same words";
  EXPECT_TRUE(says({small, late}, "New in it, at n4: Late."));
  const json::object elsewhere{{"text", "Small."}, {"entry", "c2"}};
  EXPECT_TRUE(says({elsewhere}, "Raised no longer: point 1, point 2. New in it, at c2: Small."));
}

}  // namespace
}  // namespace aisci
