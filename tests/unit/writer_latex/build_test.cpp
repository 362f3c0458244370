// Hostile papers through LaTeX itself: every one of them builds in every format, without an undefined reference or a
// line that does not fit, and prints what it was given.
#include "built_paper.hpp"

namespace aisci::latex {
namespace {

// Texts, and values among them.
json::object equation(const std::vector<std::pair<std::string, bool>>& formula) {
  json::array pieces;
  for (const auto& [piece, value] : formula)
    pieces.push_back(value ? json::object{{"value", piece}, {"fact", "f"}} : json::object{{"text", piece}});
  return {{"type", "equation"}, {"text", std::move(pieces)}};
}

// Everything that Latin letters can do to a paper.
json::object hostile() {
  const std::string label = "weight decay of one hundredth, dropout of one tenth and a very long label for an arm";
  std::vector<std::string> many;
  for (int i = 0; i < 13; ++i) many.push_back("column number " + std::to_string(i));
  std::vector<std::vector<std::string>> long_rows(70, {label, "n12", "+0.4", label});
  json::array figures{paragraph("See below.")};
  for (int i = 1; i <= 14; ++i) figures.push_back(json::object{{"type", "figure"}, {"id", "f" + std::to_string(i)}});
  json::array cited = text("As was found before ");
  cited.push_back(json::object{{"cite", json::array{"someone2020"}}});
  cited.push_back(json::object{{"text", ", see "}});
  cited.push_back(json::object{{"ref", "f3"}, {"kind", "figure"}});
  cited.push_back(json::object{{"text", " and "}});
  cited.push_back(json::object{{"ref", "wide"}, {"kind", "table"}});
  cited.push_back(json::object{{"text", ", a difference of "}});
  for (int i = 0; i < 12; ++i) {
    cited.push_back(json::object{{"value", "-12.3 percentage points"}, {"fact", "c1.contrast.mean"}});
    cited.push_back(json::object{{"text", " and "}});
  }
  return frame(
      repeated("A title that goes on and on about the same thing, ", 12) + repeated("x", 300) + " " + kSpecial,
      {section(
           "introduction", repeated("A long heading ", 12) + kSpecial,
           {paragraph(kSpecial), paragraph("\x01\x02\x1b[31mred\x7f\r\n\t\xff\xfe broken \xc3"),
            json::object{{"type", "paragraph"}, {"text", std::move(cited)}},
            paragraph("\u201c" + repeated("Does it help to ask at great length whether it helps? ", 190) + "\u201d"),
            paragraph(repeated("Pneumonoultramicroscopicsilicovolcanoconiosis", 230)),
            json::object{{"type", "list"}, {"items", json::array{text(kSpecial), text(repeated("y", 500))}}},
            paragraph("A value is made of many parts:"),
            equation({{"v = ", false}, {repeated("-12.3 points", 1), true}, {repeated(" + N_i R/(R + S)", 30), false}}),
            equation({{kSpecial, false}})}),
       section(
           "results", "Results",
           {table("labels", "Long labels. " + kPlain, {"Arm", "Node", "Estimate", "Compared with"},
                  {{label, "n1", "+0.4", label}, {label + label, "n2", "-0.4", repeated("unbroken", 30)}}),
            table("wide", "Many columns.", many, {many, many}),
            table("long", "Many rows.", {"Arm", "Node", "Estimate", "Compared with"}, long_rows), paragraph(kPlain)}),
       section("figures", "Figures", std::move(figures)), section("limitations", "Limitations", {paragraph(kPlain)})});
}

json::object of_many_scripts() {
  const std::string question =
      "\u5728\u5c0f\u6570\u636e\u96c6\u4e0a\uff0c\u6fc0\u6d3b\u51fd\u6570\u7684\u9009\u62e9\u5982\u4f55\u5f71\u54cd "
      "Vision Transformer "
      "\u7684\u6cdb\u5316\u6027\u80fd\uff1f";
  json::array cited = text("Compare ");
  cited.push_back(json::object{{"cite", json::array{"someone2020"}}});
  return frame(
      "On the question \u201c" + question + "\u201d",
      {section("introduction", "\u5f15\u8a00",
               {paragraph("The question, in its own words: \u201c" + question + "\u201d"),
                paragraph(repeated(question, 60)), json::object{{"type", "paragraph"}, {"text", cited}},
                json::object{{"type", "figure"}, {"id", "f2"}},
                paragraph("\u0645\u0627 \u0647\u0648 \u062a\u0623\u062b\u064a\u0631 \u062f\u0627\u0644\u0629 "
                          "\u0627\u0644\u062a\u0646\u0634\u064a\u0637 and \u05e9\u05dc\u05d5\u05dd, then Latin again."),
                paragraph("\u041a\u0430\u043a \u0444\u0443\u043d\u043a\u0446\u0438\u044f, \u03b8 \u2208 \u211d, "
                          "\U0001f600 and \ue000.")}),
       section("results", "Results",
               {table("t", "\u8868\u683c", {"\u65b9\u6cd5", "\u7cbe\u5ea6"},
                      {{repeated("\u6fc0\u6d3b\u51fd\u6570", 12), "84.3%"}, {"\u0645\u0627 \u0647\u0648", "1.0%"}})})});
}

class EveryFormat : public ::testing::TestWithParam<const char*> {};
class AllFormats : public ::testing::TestWithParam<const char*> {};

TEST_P(EveryFormat, PrintsAHostilePaperWithoutAProblem) {
  const Built built = build(hostile(), GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  EXPECT_GT(built.read.body_pages, 3);
  EXPECT_NE(built.words.find("\\end{document}"), std::string::npos) << "a command stays text";
  EXPECT_NE(built.words.find("Written by a machine; see the statement"), std::string::npos) << "which verify knows";
  EXPECT_NE(built.words.find("\xe2\x88\x92"
                             "12.3 percentage points"),
            std::string::npos);
}

// Tables of an appendix in one column are no floats: none waits for a page of its own.
TEST_P(EveryFormat, PrintsALongTableOfTheAppendixWithoutGaps) {
  json::array cited = text("As was found before ");
  cited.push_back(json::object{{"cite", json::array{"someone2020"}}});
  json::object paper = frame(
      "A short paper",
      {section("introduction", "Introduction", {json::object{{"type", "paragraph"}, {"text", std::move(cited)}}})});
  const std::vector<std::vector<std::string>> rows(120, {"n12", "weight decay, dropout and a long label", "+0.4"});
  paper["appendix"].as_array().push_back(section("tried", "Everything",
                                                 {table("many", "Many rows.", {"Entry", "Arm", "Mean"}, rows),
                                                  paragraph(kPlain), table("few", "Few rows.", {"Entry"}, {{"n1"}})}));
  const std::string tex =
      render_tex(paper, read_format(std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data", GetParam()));
  const bool one_column = std::string_view{GetParam()} == "article";
  EXPECT_EQ(tex.find("\\begin{longtable}") != std::string::npos, one_column);
  EXPECT_EQ(tex.find("\\ContinuedFloat") != std::string::npos, !one_column);
  const Built built = build(paper, GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  EXPECT_NE(built.words.find("continued"), std::string::npos);
  if (one_column) {
    EXPECT_EQ(built.log.find("Rerun to get cross-references right"), std::string::npos);
  }
}

// What cannot be hyphenated: a checksum, the name of a file or column, an address.
TEST_P(AllFormats, LongTokensEndTheirLine) {
  const std::string digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  const std::string file = "measurements_of_all_plots_2019_to_2024_cleaned_and_joined.csv";
  std::string grouped = digest;
  for (std::size_t at = 8; at < grouped.size(); at += 9) grouped.insert(at, " ");
  json::array blocks;
  const auto value = [](const std::string& of) { return json::object{{"value", of}, {"fact", "template.file"}}; };
  for (const auto& token : {digest, grouped, file})
    for (const char* before : {"The table has the checksum ", "It is ", ""}) {
      json::array words = text(before);
      words.push_back(value(token));
      words.push_back(
          json::object{{"text", ", as it was read from there, with all of its rows, and not a cell more."}});
      blocks.push_back(json::object{{"type", "paragraph"}, {"text", std::move(words)}});
      blocks.push_back(paragraph(before + token + ", which is how it was read."));
    }
  json::object cells = table("tokens", "The tables " + file + " and " + digest + ".", {"Name", "Checksum", "Rows"},
                             {{"x", "y", "12"}, {file, digest, "240"}});
  cells["rows"].as_array()[0] = json::array{json::array{value(file)}, json::array{value(grouped)}, text("12")};
  blocks.push_back(std::move(cells));
  blocks.push_back(json::object{{"type", "figure"}, {"id", "f1"}});
  blocks.push_back(json::object{{"type", "list"}, {"items", json::array{json::array{value(digest)}, text(file)}}});
  json::array cited = text("As ");
  cited.push_back(json::object{{"cite", json::array{"someone2020", "hyphens2020"}}});
  blocks.push_back(json::object{{"type", "paragraph"}, {"text", std::move(cited)}});
  json::object paper = frame("On " + file, {section("data", "Data " + file, std::move(blocks))});
  paper["figures"].as_object()["f1"].as_object()["caption"] = json::array{value(digest), value(file)};
  json::object hyphens = paper["references"].as_array()[0].as_object();
  hyphens["key"] = "hyphens2020";
  hyphens["url"] = "https://www.scholars.example.edu/en/pages/optimization-methods-for-large-scale-machine-learning";
  paper["references"].as_array()[0].as_object()["url"] = "https://example.org/" + digest + "?x=a_b&" + digest;
  paper["references"].as_array().push_back(std::move(hyphens));
  const Built built = build(paper, GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
}

INSTANTIATE_TEST_SUITE_P(Formats, AllFormats, ::testing::Values("article", "conference", "workshop"),
                         [](const auto& format) { return std::string{format.param}; });
INSTANTIATE_TEST_SUITE_P(Formats, EveryFormat, ::testing::Values("article", "conference"),
                         [](const auto& format) { return std::string{format.param}; });

// A particle belongs to the family name, which a sentence that it begins gives a capital.
TEST(Names, KeepTheirParticles) {
  json::object paper =
      frame("A short paper",
            {section("introduction", "Introduction",
                     {json::object{{"type", "paragraph"},
                                   {"text", json::array{json::object{{"cite", json::array{"a"}}, {"form", "text"}},
                                                        json::object{{"text", " states it, and "}},
                                                        json::object{{"cite", json::array{"a"}}, {"form", "text"}},
                                                        json::object{{"text", " again; see "}},
                                                        json::object{{"cite", json::array{"b", "c"}}}}}}})});
  const auto record = [](const char* key, json::array authors) {
    return json::object{{"key", key}, {"title", "A title"}, {"authors", std::move(authors)}, {"year", 2017}};
  };
  paper["references"] = json::array{record("a", {"Twan van Laarhoven"}),
                                    record("b", {"Christoph von der Malsburg", "Alessandro De Palma"}),
                                    record("c", {"Di He", "Berg, Ewout", "Florence d'Alch\u00e9-Buc"})};
  paper["references"].as_array()[1].as_object()["url"] = "http://example.org/a_long/address.html";
  paper["references"].as_array()[0].as_object()["title"] = "A valley - and a well-known hill";
  const std::string bib = render_bib(paper);
  EXPECT_NE(bib.find("A valley -- and a well-known hill"), std::string::npos) << bib;
  for (const char* names : {"{van Laarhoven, Twan}", "{von der Malsburg, Christoph and De Palma, Alessandro}",
                            "{He, Di and Berg, Ewout and {d'Alch", "-Buc}, Florence}",
                            "note = {\\url{http://example.org/a_long/address.html}}"})
    EXPECT_NE(bib.find(names), std::string::npos) << names << " in " << bib;
  const Built built = build(paper, "article");
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  for (const char* text : {"Van Laarhoven (2017) states it, and van Laarhoven (2017) again",
                           "(von der Malsburg and De Palma, 2017;", "-Buc. A title", "http://example.org/"})
    EXPECT_NE(built.words.find(text), std::string::npos) << text << " in " << built.words.substr(0, 1500);
}

// What a record lacks is not made up: no venue, no year and no name stands in its place.
TEST_P(EveryFormat, PrintsRecordsAsCompleteAsTheyAre) {
  json::array cited = text("It was found by ");
  for (const char* key : {"a", "b", "c", "d", "e"}) {
    cited.push_back(json::object{{"cite", json::array{key}}, {"form", "text"}});
    cited.push_back(json::object{{"text", " and "}});
    cited.push_back(json::object{{"cite", json::array{key}}});
    cited.push_back(json::object{{"text", ". "}});
  }
  json::object paper = frame(
      "A short paper",
      {section("introduction", "Introduction", {json::object{{"type", "paragraph"}, {"text", std::move(cited)}}})});
  paper["references"] = json::array{
      json::object{{"key", "a"}, {"title", "Adam beats the gradient, we say (and more)"}},
      json::object{{"key", "b"}, {"title", "Without a venue"}, {"authors", json::array{"Ivan Ivanov"}}, {"year", 2018}},
      json::object{{"key", "c"}, {"title", "Manual of It"}, {"year", 2019}, {"url", "https://example.org/manual"}},
      json::object{
          {"key", "d"}, {"title", "Without a year"}, {"authors", json::array{"Ivan Ivanov"}}, {"venue", "A Journal"}},
      json::object{{"key", "e"},
                   {"title", "A preprint"},
                   {"authors", json::array{"Jane Roe"}},
                   {"year", 2020},
                   {"arxiv", "2001.00001"}}};
  const Built built = build(paper, GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  for (const char* words :
       {"\u201cAdam beats the gradient, we. . . \u201d (n.d.)", "(\u201cAdam beats the gradient, we. . . \u201d, n.d.)",
        "Adam beats the gradient, we say (and more), n.d.", "Ivan Ivanov. Without a venue, 2018.",
        "\u201cManual of It\u201d (2019)", "Manual of It, 2019. https://example.org/manual.",
        "Ivan Ivanov. Without a year. A Journal, n.d.", "Ivanov (n.d.)",
        "Jane Roe. A preprint, 2020. arXiv: 2001.00001."})
    EXPECT_NE(built.words.find(words), std::string::npos) << words << " in " << built.words;
}

// Where a word ends, in points from the left of its page.
double right_of(const Built& built, const std::string& word) {
  const auto at = built.boxes.find("\">" + word + "</word>");
  const auto before = at == std::string::npos ? at : built.boxes.rfind("xMax=\"", at);
  return before == std::string::npos ? -1 : std::strtod(built.boxes.c_str() + before + 6, nullptr);
}

TEST_P(EveryFormat, SetsColumnsOfNumbersToTheRightAndGivesTheRestOfTheLineToTexts) {
  const std::string label =
      "weight decay of one hundredth and a long label for it against none at all, to its end.Here";
  json::object paper =
      frame("A short paper",
            {section("results", "Results",
                     {table("t", "Numbers.", {"Node", "Comparison", "Blocks", "Estimate", "p"},
                            {{"n1", label, "1234", "+0.4", "0.678"}, {"n2", "short", "7", "-12.39", "<0.005"}})})});
  paper["references"] = json::array{};
  const Built built = build(paper, GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
  ASSERT_GT(right_of(built, "1234"), 0);
  EXPECT_NEAR(right_of(built, "1234"), right_of(built, "7"), 0.6);
  EXPECT_NEAR(right_of(built, "0.678"), right_of(built, "&lt;0.005"), 0.6);
  EXPECT_NEAR(right_of(built, "Blocks"), right_of(built, "7"), 0.6) << "a head stands over its numbers";
}

// A table that would keep half a page waiting for it goes on where it is spoken of.
TEST_P(EveryFormat, LongTablesOfTheBodyWaitForNoPageInOneColumn) {
  const auto rows = [](std::size_t count) {
    return std::vector<std::vector<std::string>>(count, {"n12", "weight decay, dropout and a long label", "+0.4"});
  };
  json::object paper = frame(
      "A short paper", {section("results", "Results",
                                {table("short", "Few rows.", {"Entry", "Arm", "Mean"}, rows(9)), paragraph(kPlain),
                                 table("long", "Many rows.", {"Entry", "Arm", "Mean"}, rows(60))})});
  paper["references"] = json::array{};
  const std::string tex =
      render_tex(paper, read_format(std::string{AISCI_SOURCE_DIR} + "/plugins/writers/latex/data", GetParam()));
  const auto flowing = tex.find("\\begin{longtable}");
  EXPECT_EQ(flowing != std::string::npos, std::string_view{GetParam()} == "article");
  EXPECT_LT(tex.find("\\label{tab:short}"), flowing) << "a short table is a float";
  const Built built = build(paper, GetParam());
  EXPECT_TRUE(built.read.problems.empty()) << ::testing::PrintToString(built.read.problems);
}

TEST(WithXeLaTeX, OtherScriptsPrintWhereFontsHaveThem) {
  const Built built = build(of_many_scripts(), "conference");
  for (const auto& problem : built.read.problems)
    EXPECT_NE(problem.find("no font is installed"), std::string::npos) << problem;  // the emoji, nothing else
  EXPECT_NE(built.words.find("\u6fc0\u6d3b\u51fd\u6570"), std::string::npos) << built.words.substr(0, 400);
  EXPECT_NE(built.words.find("\u043a\u0446\u0438\u044f"), std::string::npos);
  EXPECT_NE(built.words.find("[U+E000]"), std::string::npos);
}

TEST(WithoutXeLaTeX, OtherScriptsAreCountedAndTheLogSaysSo) {
  const Built built = build(of_many_scripts(), "article", false);
  ASSERT_FALSE(built.read.problems.empty());
  EXPECT_NE(built.read.problems[0].find("no font is installed"), std::string::npos) << built.read.problems[0];
  EXPECT_EQ(built.read.problems.size(), 1u) << ::testing::PrintToString(built.read.problems);
  EXPECT_NE(built.words.find("characters of another script]"), std::string::npos);
}

}  // namespace
}  // namespace aisci::latex
