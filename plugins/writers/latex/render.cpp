#include "render.hpp"

#include <algorithm>
#include <cctype>

#include "kit/document.hpp"
#include "latex_text.hpp"
#include "math.hpp"
#include "pieces.hpp"
#include "tables.hpp"

namespace aisci::latex {
namespace {

using namespace kit;

// Figures come in the size they are to be read at; only what is wider than the text is made smaller.
std::string figure(const json::object& block, const json::object& paper) {
  const std::string id = text_of(block, "id");
  const auto& made = object_of(object_of(paper, "figures"), id);
  if (made.empty()) return {};
  return "\\aiscifigure{" + text_of(made, "file") + "}{" + pieces(array_of(made, "caption")) + "}{fig:" + key(id) +
         "}\n\n";
}

std::string blocks(const json::object& section, const json::object& paper, const Format& format, bool appendix) {
  std::string out;
  for (const auto& value : array_of(section, "blocks")) {
    const auto& block = value.as_object();
    const std::string type = text_of(block, "type");
    if (type == "paragraph")
      out += pieces(array_of(block, "text")) + "\n\n";
    else if (type == "equation")
      out += displayed_formula(array_of(block, "text"));
    else if (type == "figure")
      out += figure(block, paper);
    else if (type == "table")
      out += table(block, format, appendix);
    else if (type == "list") {
      out += "\\begin{itemize}\n";
      for (const auto& item : array_of(block, "items")) out += "\\item " + pieces(item.as_array()) + "\n";
      out += "\\end{itemize}\n\n";
    }
  }
  return out;
}

// What ties the paper to its ledger, in the section that says how to check it.
std::string ledger_head(const std::string& head) {
  if (head.size() <= 32) return {};
  return "\\paragraph{Ledger.} The hash chain of the study's ledger, at the moment its claims were locked, ended "
         "in\\\\ "
         "{\\small\\texttt{" +
         escape(head.substr(0, 32)) + "}\\\\ \\texttt{" + escape(head.substr(32)) + "}}\n\n";
}

bool floats(const json::object& section) {
  const auto& list = array_of(section, "blocks");
  return std::any_of(list.begin(), list.end(), [](const json::value& block) {
    return text_of(block.as_object(), "type") == "figure" || text_of(block.as_object(), "type") == "table";
  });
}

std::string sections(const json::object& paper, const char* part, const Format& format) {
  std::string out;
  const auto& list = array_of(paper, part);
  std::size_t behind = list.size();  // the first section after all with figures or tables
  while (behind > 0 && !floats(list[behind - 1].as_object())) --behind;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const auto& section = list[i].as_object();
    if (i == behind && i > 0) out += "\\aiscisettle\n";
    if (const auto& first = array_of(section, "blocks");
        !first.empty() && text_of(first.front().as_object(), "type") == "table")
      out += "\\aiscineed\n";
    out += "\\section{" + pieces(array_of(section, "title")) + "}\n\\label{sec:" + key(text_of(section, "id")) + "}\n" +
           blocks(section, paper, format, std::string_view{part} == "appendix") + "\n";
    if (text_of(section, "id") == "reproducibility") out += ledger_head(text_of(paper, "head"));
  }
  return out;
}

// Where the family name begins in "Given Family": at the last word, or at the particles before it ("van Laarhoven",
// "von der Malsburg"). The first word is a given name whatever it is.
std::size_t family_at(const std::string& author) {
  static const std::vector<std::string> kParticles = {"al",  "da",  "dal", "de", "del", "della", "den", "der",
                                                      "di",  "dos", "du",  "el", "la",  "le",    "ten", "ter",
                                                      "van", "vom", "von", "zu", "zur", "'t"};
  const auto lower = [](std::string word) {
    for (char& c : word)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return word;
  };
  std::size_t begin = author.rfind(' ') + 1;
  while (begin > 1) {
    const std::size_t space = author.rfind(' ', begin - 2);
    if (space == std::string::npos || !contains(kParticles, lower(author.substr(space + 1, begin - 1 - (space + 1)))))
      break;
    begin = space + 1;
  }
  return begin;
}

// An address breaks behind its slashes and other marks, and within a word only where that is too long for a line; one
// that \url cannot hold is plain text.
std::string address(const std::string& url) {
  if (url.find_first_of("{}\\%# ") != std::string::npos) return escape(url);
  static constexpr std::string_view kBreaks = "./@!_|;>]),?&'+=-";  // of the url package, and base.tex's hyphen
  std::size_t word = 0, longest = 0;
  for (const char c : url) {
    word = kBreaks.find(c) == std::string_view::npos ? word + 1 : 0;
    longest = std::max(longest, word);
  }
  return longest <= kLongestWord ? "\\url{" + url + "}" : "\\href{" + url + "}{" + escape(url) + "}";
}

std::string authors_of(const json::object& record) {
  std::string out;
  for (const auto& author : texts_of(record, "authors")) {
    if (author.empty()) continue;
    // "Given Family" as "Family, Given": BibTeX must not guess where a name is cut.
    const auto comma = author.find(','), space = author.rfind(' ');
    std::string family = author, given;
    if (comma != std::string::npos) {
      family = author.substr(0, comma);
      given = author.substr(std::min(author.find_first_not_of(' ', comma + 1), author.size()));
    } else if (space != std::string::npos) {
      const std::size_t begin = family_at(author);
      family = author.substr(begin);
      given = author.substr(0, begin - 1);
    }
    // At a hyphen BibTeX would take "d'Alch\u00e9" for a particle and lose it.
    const bool particle = std::islower(static_cast<unsigned char>(family[0])) && family.find('-') != std::string::npos;
    out += (out.empty() ? "" : " and ") + (particle ? "{" + name(family) + "}" : name(family)) +
           (given.empty() ? "" : ", " + name(given));
  }
  return out.empty() ? "{\\aiscititled{" + short_title(text_of(record, "title")) + "}}" : out;
}

}  // namespace

std::string render_tex(const json::object& paper, const Format& format) {
  const std::string responsible = text_of(paper, "responsible");
  std::string out = format.preamble + "\n\\title{" + pieces(array_of(paper, "title")) + "}\n\\author{" +
                    escape(text_of(paper, "author")) + "\\thanks{Written by a machine; see the statement " +
                    (array_of(paper, "references").empty() ? "at its end" : "before the references") +
                    ".}}\n\\date{}\n";
  out += "\\begin{document}\n\\maketitle\n\\begin{abstract}\n" + pieces(array_of(paper, "abstract")) +
         "\n\\end{abstract}\n\n" + sections(paper, "sections", format);
  out +=
      "\\aiscisettle*\n\\aiscibodyends\n\\section*{Statement on machine authorship}\n" +
      escape(text_of(paper, "statement")) + " " +
      (responsible.empty() ? "No responsible person was named." : "Responsible person: " + escape(responsible) + ".") +
      "\n\n";
  if (!array_of(paper, "references").empty()) out += "\\bibliographystyle{plainnat}\n\\bibliography{references}\n\n";
  const auto& appendix = array_of(paper, "appendix");
  if (!appendix.empty()) out += "\\aisciappendix\n" + sections(paper, "appendix", format);
  const auto says_how_to_check = [](const json::value& section) {
    return text_of(section.as_object(), "id") == "reproducibility";
  };
  if (std::none_of(appendix.begin(), appendix.end(), says_how_to_check)) out += ledger_head(text_of(paper, "head"));
  return out + "\\end{document}\n";
}

std::string render_bib(const json::object& paper) {
  std::string out;
  for (const auto& value : array_of(paper, "references")) {
    const auto& record = value.as_object();
    const std::string arxiv = text_of(record, "arxiv"), doi = text_of(record, "doi"), url = text_of(record, "url");
    std::string venue = text_of(record, "venue");
    if (!arxiv.empty() && (venue.empty() || venue == "arXiv"))
      venue = doi.empty() ? "" : "arXiv";  // where the note names it, once is enough
    const auto year = static_cast<std::int64_t>(number_of(record, "year"));
    out += (venue.empty() ? "@misc{" : "@article{") + key(text_of(record, "key")) + ",\n  author = {" +
           authors_of(record) + "},\n  title = {{" + replaced(escape(text_of(record, "title")), " - ", " -- ") +
           "}},\n" + (venue.empty() ? "" : "  journal = {" + escape(venue) + "},\n") + "  year = {" +
           (year == 0 ? "n.d." : std::to_string(year)) + "},\n";
    if (!doi.empty())
      out += "  note = {doi: " + escape(doi) + "},\n";
    else if (!arxiv.empty())
      out += "  note = {arXiv: " + escape(arxiv) + "},\n";
    else if (!url.empty())
      out += "  note = {" + address(url) + "},\n";
    out += "}\n\n";
  }
  return out;
}

namespace {

// Whether any text of the paper asks for more than Latin letters.
bool beyond_latin_anywhere(const json::value& value) {
  if (value.is_string()) return beyond_latin({value.get_string().data(), value.get_string().size()});
  if (value.is_array()) return std::any_of(value.get_array().begin(), value.get_array().end(), beyond_latin_anywhere);
  return value.is_object() && std::any_of(value.get_object().begin(), value.get_object().end(),
                                          [](const auto& entry) { return beyond_latin_anywhere(entry.value()); });
}

}  // namespace

json::object build_steps(const json::object& paper) {
  const json::array options{"-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"};
  json::array latex{"pdflatex"};
  // The sources suit both engines; which of them a machine has is found out when it builds.
  if (beyond_latin_anywhere(paper))
    latex = {"sh", "-c", "exec \"$(command -v xelatex || echo pdflatex)\" \"$@\"", "latex"};
  for (const auto& option : options) latex.push_back(option);
  json::array steps{latex};
  if (!array_of(paper, "references").empty()) steps.push_back(json::array{"bibtex", "paper"});
  for (int run = 0; run < 3; ++run) steps.push_back(latex);  // tables over pages settle after references have
  return {{"build", json::object{{"steps", std::move(steps)},
                                 {"environment", json::object{{"openin_any", "p"},
                                                              {"openout_any", "p"},
                                                              {"max_print_line", "10000"},
                                                              {"SOURCE_DATE_EPOCH", "0"},
                                                              {"FORCE_SOURCE_DATE", "1"}}},
                                 {"output", "paper.pdf"},
                                 {"log", "paper.log"}}}};
}

namespace {

// Formulas that cannot be read, in a line or on lines of their own, wherever a paper has them.
void formula_problems(const json::value& value, std::vector<std::string>& out) {
  if (value.is_array())
    for (const auto& one : value.get_array()) formula_problems(one, out);
  if (!value.is_object()) return;
  const auto& object = value.get_object();
  std::string problem;
  if (text_of(object, "type") == "equation") problem = formula_problem(array_of(object, "text"));
  if (object.contains("math")) problem = formula_problem({value});
  if (!problem.empty()) out.push_back(std::move(problem));
  for (const auto& entry : object) formula_problems(entry.value(), out);
}

}  // namespace

std::vector<std::string> problems_of(const json::object& paper) {
  std::vector<std::string> out;
  formula_problems(paper, out);
  if (array_of(paper, "title").empty()) out.push_back("the paper has no title");
  if (array_of(paper, "abstract").empty()) out.push_back("the paper has no abstract");
  if (array_of(paper, "sections").empty()) out.push_back("the paper has no sections");
  for (const auto& section : array_of(paper, "sections"))
    if (array_of(section.as_object(), "blocks").empty())
      out.push_back("section " + text_of(section.as_object(), "id") + " is empty");
  return out;
}

}  // namespace aisci::latex
