#include "research/printed_words.hpp"

#include <gtest/gtest.h>

namespace aisci {
namespace {

json::array text(const char* words) { return {json::object{{"text", words}}}; }

json::object paper() {
  const json::array claim{json::object{{"text", "The claim that GELU is ahead of ReLU by 2 points or more is "}},
                          json::object{{"value", "refuted"}, {"fact", "c1.verdict"}},
                          json::object{{"text", ", as the first interval shows, "}},
                          json::object{{"cite", json::array{"holm1979"}}},
                          json::object{{"text", " and the efficient second one does not contradict it."}}};
  return {
      {"title", text("Two functions")},
      {"abstract", text("An abstract of a few words, no more than that.")},
      {"sections",
       json::array{json::object{
           {"title", text("Results")},
           {"blocks", json::array{json::object{{"type", "paragraph"}, {"text", claim}},
                                  json::object{{"type", "list"}, {"items", json::array{text("refuted if it fails")}}},
                                  json::object{{"type", "table"},
                                               {"caption", text("What the confirmation came to, claim by claim.")},
                                               {"columns", json::array{text("Claim"), text("Verdict")}},
                                               {"rows", json::array{json::array{text("c1"), text("refuted")}}}}}}}}},
      {"figures", json::object{{"f1", json::object{{"caption", text("The pairs of blocks, as they were measured.")}}}}},
      {"references", json::array{json::object{{"title", "A Simple Procedure"}}}},
      {"statement", "A machine wrote this."}};
}

const std::string kBegin = "Two functions\nAn abstract of a few words, no more than that.\n1 Results\n";
const std::string kEnd =
    "\nrefuted if it fails\nTable 1: What the confirmation came to, claim by claim.\nClaim Verdict\nc1 refuted\nFigure "
    "1: The pairs "
    "of blocks, as they were measured.\nA machine wrote this.\nA simple procedure\n";
const std::string kClaim =
    "The claim that GELU is ahead of ReLU by 2 points or more is re-\nfuted, as the \ufb01rst interval shows, (Holm, "
    "1979) and the "
    "e\ufb03cient second one does not contradict it.";

std::string changed(std::string pages, const std::string& from, const std::string& to) {
  const auto at = pages.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return pages.replace(at, from.size(), to);
}

TEST(PrintedWords, HoldWhateverTheTypesetterDidWithThem) {
  EXPECT_EQ(passages_missing(kBegin + kClaim + kEnd, paper()), std::vector<std::string>{});
}

// R² may be printed as R2, é as an accent and an e.
TEST(PrintedWords, MayHaveAccentsAndRaisedDigitsAsAFontHasThem) {
  const json::object said{
      {"abstract", text("The R\u00b2 of \u00c9mile's na\u00efve stra\u00dfe \u0447\u0438\u0441\u043b\u043e")}};
  EXPECT_EQ(
      passages_missing("The R2 of \u00b4Emile's na\u00a8\u0131ve stra\u00dfe \u0447\u0438\u0441\u043b\u043e", said),
      std::vector<std::string>{});
  EXPECT_EQ(
      passages_missing("The R3 of \u00b4Emile's na\u00a8\u0131ve stra\u00dfe \u0447\u0438\u0441\u043b\u043e", said)
          .size(),
      1u);
}

TEST(PrintedWords, ThatWereTurnedInPrintAreMissed) {
  const std::string pages = kBegin + kClaim + kEnd;
  for (const auto& [from, to] : {std::pair{"re-\nfuted,", "supported,"},
                                 {"ahead of", "behind"},
                                 {"c1 refuted", "c1 supported"},
                                 {"refuted if", "supported if"},
                                 {"does not contradict", "does contradict"},
                                 {"by 2 points", "by 3 points"},
                                 {"few words", "many words"},
                                 {"Results", "Ideas"},
                                 {"simple procedure", "complex one"},
                                 {"A machine", "A man"},
                                 {"as they were", "as they are"}})
    EXPECT_EQ(passages_missing(changed(pages, from, to), paper()).size(), 1u) << from;
  EXPECT_EQ(passages_missing("", paper()).size(), 12u);
}

// A page ends inside the claim, with a page's number below and a figure at the top of the next.
TEST(PrintedWords, MayBeBrokenByTheEndOfAPageAndWhatStandsThere) {
  const std::string floats = "\n3\n\fFigure 1: The pairs of blocks, as they were measured.\n80 85 90\n",
                    end = changed(kEnd, "Figure 1: The pairs of blocks, as they were measured.\n", "");
  EXPECT_EQ(passages_missing(kBegin + changed(kClaim, "ReLU by", "ReLU" + floats + "by") + end, paper()),
            std::vector<std::string>{});
  // Broken elsewhere than where a page ends, or a part of it turned, it is another text.
  EXPECT_EQ(passages_missing(changed(kBegin + kClaim + kEnd, "ReLU by", "ReLU not by"), paper()).size(), 1u);
  EXPECT_EQ(passages_missing(kBegin + changed(kClaim, "ahead of ReLU by", "behind ReLU" + floats + "by") + end, paper())
                .size(),
            1u);
}

// A piece between two formulas stands inside a sentence elsewhere, too, which is not it.
TEST(PrintedWords, OfFewLettersAreMissedWhereTheyStandElsewhereToo) {
  const json::object said{
      {"abstract", text("The claim is refuted (equivalent if one of the blocks is left out of it).")},
      {"sections",
       json::array{json::object{
           {"title", text("The rule")},
           {"blocks", json::array{json::object{{"type", "list"},
                                               {"items", json::array{text("equivalent if"), text("refuted if")}}}}}}}}};
  const std::string pages =
      "The claim is refuted (equivalent if one of the blocks is left out of it). The rule\n\u2022 equivalent if U < "
      "D;\n\u2022 refuted if U > D";
  EXPECT_EQ(passages_missing(pages, said), std::vector<std::string>{});
  EXPECT_EQ(passages_missing(changed(pages, "\u2022 equivalent if", "\u2022 supported if"), said),
            std::vector<std::string>{"equivalent if"});
  // A page may end in the sentence that has the same words.
  EXPECT_EQ(passages_missing(changed(pages, "(equivalent if one", "(equivalent\n3\f if one"), said),
            std::vector<std::string>{});
}

// "equivalent" at the end of a table's row and the "if" of "difference" in the caption after it are no broken passage.
TEST(PrintedWords, OfFewLettersAreNotPutTogetherFromATableAndACaption) {
  const std::string caption = "Figure 1: The difference between the two arms in each of the blocks.";
  const json::object said{
      {"abstract", text("A sentence of the abstract that is long enough to be known where it stands.")},
      {"sections",
       json::array{json::object{
           {"title", text("The rule")},
           {"blocks", json::array{json::object{{"type", "list"}, {"items", json::array{text("equivalent if")}}}}}}}},
      {"figures", json::object{{"f1", json::object{{"caption", text(caption.c_str())}}}}}};
  const std::string pages =
      "A sentence of the abstract that is long enough to be known where it stands. The rule\n\u2022 equivalent if U < "
      "D\n 1\fc1 equivalent\nDifference in accuracy\n" +
      caption;
  EXPECT_EQ(passages_missing(pages, said), std::vector<std::string>{});
  EXPECT_EQ(passages_missing(changed(pages, "\u2022 equivalent if", "\u2022 supported if"), said),
            std::vector<std::string>{"equivalent if"});
}

// At the foot of the first column, in the middle of a page.
TEST(PrintedWords, MayBeBrokenByTheFootnoteBetweenTwoColumns) {
  const char* footnote = "ReLU\n\u2217Written by a machine; see the statement before the references.\nby";
  EXPECT_EQ(passages_missing(kBegin + changed(kClaim, "ReLU by", footnote) + kEnd, paper()),
            std::vector<std::string>{});
  EXPECT_EQ(passages_missing(kBegin + changed(kClaim, "ReLU by", "ReLU\nWritten by a man.\nby") + kEnd, paper()).size(),
            1u);
}

}  // namespace
}  // namespace aisci
