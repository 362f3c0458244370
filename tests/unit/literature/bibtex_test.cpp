#include "literature/bibtex.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "literature/files.hpp"
#include "literature/latex.hpp"

namespace aisci {
namespace {

std::string field(const Reading& reading, std::size_t i, const char* name) {
  return text_of(reading.records.at(i), name);
}

std::vector<std::string> list(const json::object& record, const char* name) {
  std::vector<std::string> out;
  for (const auto& value : array_of(record, name)) out.emplace_back(value.get_string().c_str());
  return out;
}

TEST(Latex, AccentsInEachOfTheirSpellings) {
  EXPECT_EQ(plain_text(R"(Herv{\'e} Herv\'{e} Herv\'e Herv{\'{e}})"), "Hervé Hervé Hervé Hervé");
  EXPECT_EQ(plain_text(R"({\L}ukasz Kaiser, K{\"o}pf, G{\"{o}}del, Du\v{s}an, Garc\'{\i}a, {\O}re, Stra{\ss}e)"),
            "Łukasz Kaiser, Köpf, Gödel, Dušan, García, Øre, Straße");
  EXPECT_EQ(plain_text(R"(\c{C}a\u{g}lar G\"ul\c{c}ehre)"), "Çağlar Gülçehre");
  EXPECT_EQ(plain_text(R"(\'{q})"), "q\u0301");  // a letter without a form of its own keeps its accent
}

TEST(Latex, KeepsWhatCanBeRead) {
  EXPECT_EQ(plain_text(R"({The {BERT} \& \emph{GPT} families: 50\% of $n$--grams})"),
            "The BERT & GPT families: 50% of n–grams");
  EXPECT_EQ(plain_text("a\n  b~c ``quoted''"), "a b c \"quoted\"");
  EXPECT_EQ(plain_text("\\"), "");
}

TEST(Bibtex, ReadsAnEntryAsPeopleWriteThem) {
  const auto reading = read_bibtex(R"(
A line that no program reads. Mail: somebody@example.org
@comment{ @article{ignored, title={Never}} }
@string{nips = "Advances in " # {Neural Information Processing Systems}}
@InProceedings{touvron2021,
  title     = {Training data-efficient image transformers \& distillation through {Attention}},
  author    = "Touvron, Hugo and Herv{\'e} J{\'e}gou and {The {AI} Team} and others",
  booktitle = nips # " 34",
  year = 2021, month = jul,
  eprint = {2012.12877v2}, archivePrefix={arXiv},
  keywords = {vision transformer, small data},
  abstract = {Transformers need data, e.g. many images. Distillation of A. Teacher helps! It costs 2.5 hours},
  doi = {https://doi.org/10.48550/arXiv.2012.12877},
}
@article(paren1999, title="Nested {"}quotes{"} hold", author="Ann Smith", date="1999-05-02", journaltitle=J)
)",
                                   "mine.bib");
  ASSERT_EQ(reading.records.size(), 1u) << testing::PrintToString(reading.problems);
  EXPECT_EQ(field(reading, 0, "title"), "Training data-efficient image transformers & distillation through Attention");
  EXPECT_EQ(list(reading.records[0], "authors"),
            (std::vector<std::string>{"Hugo Touvron", "Hervé Jégou", "The AI Team"}));
  EXPECT_EQ(field(reading, 0, "venue"), "Advances in Neural Information Processing Systems 34");
  EXPECT_EQ(integer_of(reading.records[0], "year"), 2021);
  EXPECT_EQ(field(reading, 0, "arxiv"), "2012.12877");
  EXPECT_EQ(field(reading, 0, "doi"), "");  // arXiv's own DOI says what the number says
  EXPECT_EQ(list(reading.records[0], "themes"), (std::vector<std::string>{"vision transformer", "small data"}));
  EXPECT_EQ(list(reading.records[0], "statements"),
            (std::vector<std::string>{"Transformers need data, e.g. many images.", "Distillation of A. Teacher helps!",
                                      "It costs 2.5 hours"}));
  ASSERT_EQ(reading.problems.size(), 1u);  // journaltitle=J: no such @string
  EXPECT_NE(reading.problems[0].find("mine.bib, line 15"), std::string::npos) << reading.problems[0];
  EXPECT_NE(reading.problems[0].find("paren1999"), std::string::npos) << reading.problems[0];
}

// Some programs write an address as it is, others as LaTeX would have it.
TEST(Bibtex, AddressesKeepEachOfTheirCharacters) {
  const auto reading = read_bibtex(R"(
@misc{a, title={One}, url={https://example.org/a_b%20c#d&e=~f--g$h}}
@misc{b, title={Two}, url={\url{https://example.org/a\_b\%20c\#d\&e=\~{}f{\textasciitilde}g}}}
)",
                                   "mine.bib");
  ASSERT_EQ(reading.records.size(), 2u) << testing::PrintToString(reading.problems);
  EXPECT_EQ(field(reading, 0, "url"), "https://example.org/a_b%20c#d&e=~f--g$h");
  EXPECT_EQ(field(reading, 1, "url"), "https://example.org/a_b%20c#d&e=~f~g");
}

TEST(Bibtex, AChildInheritsFromItsParentWhereverThatStands) {
  const auto reading = read_bibtex(R"(
@inproceedings{child, title={A Talk}, author={B. Writer}, crossref={book}}
@proceedings{book, title={Proceedings of Something}, year={2004}, publisher={Press}})",
                                   "x.bib");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(field(reading, 0, "title"), "A Talk");
  EXPECT_EQ(integer_of(reading.records[0], "year"), 2004);
  EXPECT_EQ(field(reading, 0, "venue"), "Proceedings of Something");
}

TEST(Bibtex, ABrokenEntryCostsItselfAlone) {
  const auto reading = read_bibtex(R"(@article{first, title={One}, year=2001}
@article{open, title={Never closed,
  year = 2002}
@article{second, title={Two}, year=2002}
@article{nothing, year=2003}
@article{first, title={One again}}
@article{third title={Three}}
@article{wrong, title={Four}, doi={no doi}}
@article{fourth, title={Four}}
@article{last, title = "Cut off)",
                                   "refs.bib");
  std::vector<std::string> keys;
  for (const auto& record : reading.records) keys.push_back(text_of(record, "key"));
  EXPECT_EQ(keys, (std::vector<std::string>{"first", "second", "wrong", "fourth"}));
  ASSERT_EQ(reading.problems.size(), 5u) << testing::PrintToString(reading.problems);
  EXPECT_NE(reading.problems[0].find("refs.bib, line 2: the entry open"), std::string::npos) << reading.problems[0];
  EXPECT_NE(reading.problems[1].find("line 7"), std::string::npos) << reading.problems[1];
  EXPECT_NE(reading.problems[2].find("line 10"), std::string::npos) << reading.problems[2];
  EXPECT_NE(reading.problems[3].find("line 5: the entry nothing: there is no title"), std::string::npos);
  EXPECT_NE(reading.problems[4].find("line 6: the key first is that of line 1"), std::string::npos);
}

TEST(Bibtex, AnEntryWithoutAbstractSaysNothing) {
  const auto reading = read_bibtex("@misc{k, title={Some Title}, author={A B}}", "x.bib");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_TRUE(array_of(reading.records[0], "statements").empty());
}

TEST(Bibtex, MessagesShowNoBytesThatNoTextHas) {
  const std::string key(999, 'k');
  const auto reading =
      read_bibtex("@article{\xff\xfe\x01q r,\n}\n@misc{" + key + ", title={T}, year}\n@misc{l, title=" + "{Gr\xf6\xdf" +
                      "e}}\n@misc{m, title={T}, author={Gr\xfcn, A}}\n@misc{n, title={A \x02 B}}",
                  "x.bib");
  EXPECT_EQ(reading.records.size(), 0u);
  EXPECT_EQ(
      reading.problems,
      (std::vector<std::string>{
          "x.bib, line 1: after the key q a comma was expected (line 1); correct the entry and add the file again",
          "x.bib, line 3: the entry " + key.substr(0, 60) +
              ": after year there is no = (line 3); correct the entry and add the file again",
          "x.bib, line 4: the entry l: title is not UTF-8; save the file as UTF-8 and add it again",
          "x.bib, line 5: the entry m: authors: one of them is not UTF-8; save the file as UTF-8 and add it again",
          "x.bib, line 6: the entry n: title holds a control character, which no text needs; take it out and add the "
          "file again"}));
}

TEST(Bibtex, StringsThatDoubleEndBeforeTheMemoryDoes) {
  std::string text = "@string{a0 = {xxxxxxxxxx}}\n";
  for (int i = 1; i < 32; ++i) {
    const std::string before = " = a" + std::to_string(i - 1) + " # a" + std::to_string(i - 1);
    text += "@string{a" + std::to_string(i) + before + "}\n";
  }
  text +=
      "@article{k, title = a31, year = 2020, author = {A}}\n@article{good, title = {T}, year = 2020, author = {A}}\n";
  const Reading reading = read_bibtex(text, "x.bib");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(text_of(reading.records[0], "key"), "good");
  EXPECT_NE(reading.problems.at(0).find("a value is longer than 1 MB"), std::string::npos) << reading.problems[0];
  // A megabyte, over and over.
  text = "@string{a = {" + std::string(1'000'000, 'x') + "}}\n";
  for (int i = 0; i < 100; ++i)
    text += "@article{k" + std::to_string(i) + ", title = {t}, year = 2020, author = {A}, note = a}\n";
  const Reading repeated = read_bibtex(text, "x.bib");
  EXPECT_GT(repeated.records.size(), 60u);
  ASSERT_EQ(repeated.problems.size(), 1u);
  EXPECT_NE(repeated.problems[0].find("repeat 64 MB"), std::string::npos) << repeated.problems[0];
}

TEST(Bibtex, ManyBrokenEntriesTakeTheTimeOfTheirBytes) {
  std::string text;
  for (int i = 0; i < 30000; ++i) text += "@article{k" + std::to_string(i) + ", title = {x\n";
  for (int i = 0; i < 30000; ++i) text += "@a1{k" + std::to_string(i) + ", title = {x\n";
  const auto begun = std::chrono::steady_clock::now();
  const Reading reading = read_bibtex(text, "x.bib");
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{10});
  ASSERT_GT(reading.problems.size(), 30000u);
  EXPECT_EQ(reading.problems[29999].rfind("x.bib, line 30000: ", 0), 0u) << reading.problems[29999];
}

TEST(JsonLines, CharactersThatNoTextHasAndMembersThatNoRecordHasAreNamed) {
  const auto reading = read_json_lines(
      "{\"title\":\"One\",\"autors\":[\"A B\"],\"pages\":3,\"added\":true}\n"
      "{\"title\":\"nul \\u0000 in\"}\n"
      "{\"title\":\"T\",\"statements\":[\"fine\",\"nul \\u0000 in\"]}\n"
      "{\"title\":\"Gr\xf6\xdf"
      "e\"}\n"
      "{\"title\":\"Two\",\"autors\":[],\"abstract\":\"It holds\\twell.\"}\n",
      "a.jsonl");
  EXPECT_EQ(reading.records.size(), 2u);
  EXPECT_EQ(
      reading.problems,
      (std::vector<std::string>{
          "a.jsonl, line 2: title holds a control character, which no text needs; take it out and add the file again",
          "a.jsonl, line 3: statements: one of them holds a control character, which no text needs; take it out and "
          "add the file again",
          "a.jsonl, line 4: not UTF-8; save the file as UTF-8 and add it again"}));
  EXPECT_EQ(reading.notes,
            (std::vector<std::string>{"a.jsonl: members that are not read, as records have no such ones: "
                                      "autors (line 1 and 1 more; did you mean authors?), pages (line 1)"}));
}

TEST(JsonLines, GoodLinesStayAndBadOnesAreNamed) {
  const auto reading = read_json_lines(
      "{\"title\":\"A Study of Things\",\"authors\":[\"Jane Roe\"],\"year\":2020,\"abstract\":\"It reports what was "
      "found.\"}\n"
      "\n"
      "not json\n"
      "{\"key\":\"x\",\"title\":\"T\",\"year\":\"2020\"}\n"
      "{\"key\":\"y\",\"title\":\"T\",\"authors\":\"Jane Roe\"}\n"
      "{\"key\":\"z\",\"authors\":[]}\n",
      "a.jsonl");
  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(field(reading, 0, "key"), "roe2020study");
  EXPECT_EQ(list(reading.records[0], "statements"), (std::vector<std::string>{"It reports what was found."}));
  EXPECT_EQ(reading.problems,
            (std::vector<std::string>{"a.jsonl, line 3: not a JSON object; each line holds one record",
                                      "a.jsonl, line 4: year is not a year in four figures, written as a number",
                                      "a.jsonl, line 5: authors is not a list of texts",
                                      "a.jsonl, line 6: there is no title"}));
}

}  // namespace
}  // namespace aisci
