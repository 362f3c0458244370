#include "render.hpp"

#include <algorithm>

#include "latex_text.hpp"

namespace aisci::latex {
namespace {

const json::array& array_at(const json::object& object, const char* name) {
  static const json::array empty;
  const auto* value = object.if_contains(name);
  return value && value->is_array() ? value->get_array() : empty;
}
std::string text_at(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_string() ? std::string{value->get_string().c_str()} : std::string{};
}
std::int64_t number_at(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value && value->is_int64() ? value->get_int64() : 0;
}

std::string pieces(const json::array& list) {
  std::string out;
  for (const auto& entry : list) {
    const auto& piece = entry.as_object();
    if (piece.contains("text"))
      out += escape(text_at(piece, "text"));
    else if (piece.contains("value")) {
      const std::string text = text_at(piece, "value");
      // A word that the data chose wraps like any other; a number does not.
      out += text.find_first_of("0123456789") == std::string::npos ? escape(text) : value(text);
    } else if (piece.contains("cite")) {
      std::string keys;
      for (const auto& one : array_at(piece, "cite")) keys += (keys.empty() ? "" : ",") + key(one.as_string().c_str());
      out += "\\citep{" + keys + "}";
    } else if (piece.contains("ref")) {
      const std::string kind = text_at(piece, "kind");
      out += (kind == "figure" ? "Figure~\\ref{fig:" : "Table~\\ref{tab:") + key(text_at(piece, "ref")) + "}";
    }
  }
  return out;
}

std::size_t printed_length(const json::array& list) {
  std::size_t length = 0;
  for (const auto& entry : list)
    length += text_at(entry.as_object(), "text").size() + text_at(entry.as_object(), "value").size();
  return length;
}

// Columns whose longest cell is text share what the narrow ones leave.
std::string table(const json::object& block) {
  const auto& columns = array_at(block, "columns");
  const auto& rows = array_at(block, "rows");
  std::vector<std::size_t> longest;
  for (const auto& column : columns) longest.push_back(printed_length(column.as_array()));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.as_array().size() && i < longest.size(); ++i)
      longest[i] = std::max(longest[i], printed_length(row.as_array()[i].as_array()));
  std::size_t total = 0;
  for (const auto length : longest) total += length + 3;
  std::string format;
  bool stretched = false;
  for (const auto length : longest) {
    const bool wide = length > 24 || (total > 84 && length > 14);
    stretched |= wide;
    format += wide ? "Y" : "l";
  }
  const std::string kind = stretched ? "tabularx" : "tabular";
  const auto line = [](const json::array& cells) {
    std::string out;
    for (const auto& cell : cells)
      out += (out.empty() && &cell == cells.begin() ? "" : " & ") + pieces(cell.as_array());
    return out + " \\\\\n";
  };
  std::string out = "\\begin{table}[htbp]\n\\centering\\small\\setlength{\\tabcolsep}{4pt}\n\\caption{" +
                    pieces(array_at(block, "caption")) + "}\n\\label{tab:" + key(text_at(block, "id")) + "}\n\\begin{" +
                    kind + "}{" + (stretched ? "\\textwidth}{" : "") + format + "}\n\\toprule\n" + line(columns) +
                    "\\midrule\n";
  for (const auto& row : rows) out += line(row.as_array());
  return out + "\\bottomrule\n\\end{" + kind + "}\n\\end{table}\n\n";
}

// Figures come in the size they are to be read at; only what is wider than the text is made smaller.
std::string figure(const json::object& block, const json::object& paper) {
  const std::string id = text_at(block, "id");
  const auto* figures = paper.if_contains("figures");
  const auto* entry = figures && figures->is_object() ? figures->get_object().if_contains(id) : nullptr;
  if (!entry || !entry->is_object()) return {};
  const auto& made = entry->get_object();
  return "\\begin{figure}[htbp]\n\\centering\n\\includegraphics[max width=\\textwidth,max height=0.42\\textheight]{" +
         text_at(made, "file") + "}\n\\caption{" + pieces(array_at(made, "caption")) + "}\n\\label{fig:" + key(id) +
         "}\n\\end{figure}\n\n";
}

std::string blocks(const json::object& section, const json::object& paper) {
  std::string out;
  for (const auto& value : array_at(section, "blocks")) {
    const auto& block = value.as_object();
    const std::string type = text_at(block, "type");
    if (type == "paragraph")
      out += pieces(array_at(block, "text")) + "\n\n";
    else if (type == "figure")
      out += figure(block, paper);
    else if (type == "table")
      out += table(block);
    else if (type == "list") {
      out += "\\begin{itemize}\n";
      for (const auto& item : array_at(block, "items")) out += "\\item " + pieces(item.as_array()) + "\n";
      out += "\\end{itemize}\n\n";
    }
  }
  return out;
}

std::string sections(const json::object& paper, const char* part) {
  std::string out;
  for (const auto& value : array_at(paper, part)) {
    const auto& section = value.as_object();
    // What the results show stands before what limits them: no figure comes between a limit and its heading.
    if (text_at(section, "id") == "limitations") out += "\\FloatBarrier\n";
    out += "\\section{" + pieces(array_at(section, "title")) + "}\n\\label{sec:" + key(text_at(section, "id")) + "}\n" +
           blocks(section, paper) + "\n";
  }
  return out;
}

std::string authors_of(const json::object& record) {
  std::string out;
  for (const auto& author : array_at(record, "authors")) {
    std::string name = author.as_string().c_str();
    // "Given Family" as "Family, Given": BibTeX must not guess where a name is cut.
    if (const auto space = name.rfind(' '); name.find(',') == std::string::npos && space != std::string::npos)
      name = name.substr(space + 1) + ", " + name.substr(0, space);
    out += (out.empty() ? "" : " and ") + escape(name);
  }
  return out;
}

}  // namespace

std::string render_tex(const json::object& paper, const std::string& preamble) {
  const std::string responsible = text_at(paper, "responsible");
  std::string out =
      preamble + "\n\\title{" + pieces(array_at(paper, "title")) + "}\n\\author{" + escape(text_at(paper, "author")) +
      "\\thanks{This paper was written by a machine; see the statement before the references.}}\n\\date{}\n";
  out += "\\begin{document}\n\\maketitle\n\\begin{abstract}\n" + pieces(array_at(paper, "abstract")) +
         "\n\\end{abstract}\n\n" + sections(paper, "sections");
  out +=
      "\\FloatBarrier\n\\section*{Statement on machine authorship}\n" + escape(text_at(paper, "statement")) + " " +
      (responsible.empty() ? "No responsible person was named." : "Responsible person: " + escape(responsible) + ".") +
      "\n\n";
  if (!array_at(paper, "references").empty()) out += "\\bibliographystyle{plainnat}\n\\bibliography{references}\n\n";
  if (!array_at(paper, "appendix").empty()) out += "\\clearpage\n\\appendix\n" + sections(paper, "appendix");
  if (const std::string head = text_at(paper, "head"); !head.empty()) {
    out +=
        "\\paragraph{Ledger.} The hash chain of the study's ledger, at the moment its claims were locked, ended in\\\\ "
        "{\\small\\texttt{" +
        escape(head.substr(0, 32)) + "}\\\\ \\texttt{" + escape(head.size() > 32 ? head.substr(32) : "") + "}}\n";
  }
  return out + "\\end{document}\n";
}

std::string render_bib(const json::object& paper) {
  std::string out;
  for (const auto& value : array_at(paper, "references")) {
    const auto& record = value.as_object();
    const std::string venue = text_at(record, "venue"), arxiv = text_at(record, "arxiv"), doi = text_at(record, "doi"),
                      url = text_at(record, "url");
    out += "@article{" + key(text_at(record, "key")) + ",\n  author = {" + authors_of(record) + "},\n  title = {{" +
           escape(text_at(record, "title")) + "}},\n  journal = {" + escape(venue.empty() ? "arXiv" : venue) +
           "},\n  year = {" + std::to_string(number_at(record, "year")) + "},\n";
    if (!doi.empty())
      out += "  note = {doi: " + escape(doi) + "},\n";
    else if (!arxiv.empty())
      out += "  note = {arXiv: " + escape(arxiv) + "},\n";
    else if (!url.empty())
      out += "  note = {" + escape(url) + "},\n";
    out += "}\n\n";
  }
  return out;
}

json::object build_steps(const json::object& paper) {
  const json::array latex{"pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"};
  json::array steps{latex};
  if (!array_at(paper, "references").empty()) steps.push_back(json::array{"bibtex", "paper"});
  steps.push_back(latex);
  steps.push_back(latex);
  return {{"build", json::object{{"steps", std::move(steps)},
                                 {"environment", json::object{{"openin_any", "p"},
                                                              {"openout_any", "p"},
                                                              {"SOURCE_DATE_EPOCH", "0"},
                                                              {"FORCE_SOURCE_DATE", "1"}}},
                                 {"output", "paper.pdf"},
                                 {"log", "paper.log"}}}};
}

std::vector<std::string> problems_of(const json::object& paper) {
  std::vector<std::string> out;
  if (array_at(paper, "title").empty()) out.push_back("the paper has no title");
  if (array_at(paper, "abstract").empty()) out.push_back("the paper has no abstract");
  if (array_at(paper, "sections").empty()) out.push_back("the paper has no sections");
  for (const auto& section : array_at(paper, "sections"))
    if (array_at(section.as_object(), "blocks").empty())
      out.push_back("section " + text_at(section.as_object(), "id") + " is empty");
  return out;
}

}  // namespace aisci::latex
