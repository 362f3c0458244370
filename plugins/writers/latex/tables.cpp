#include "tables.hpp"

#include <algorithm>
#include <cmath>

#include "kit/document.hpp"
#include "kit/number.hpp"
#include "latex_text.hpp"
#include "pieces.hpp"
#include "value.hpp"

namespace aisci::latex {
namespace {

using namespace kit;

constexpr const char* kType = "\\footnotesize";
constexpr double kBetween = 0.8;         // em of it between two columns
constexpr double kInterval = 9.0;        // em of two values and what joins them
constexpr double kSlack = 0.4;           // em that a column of a given width has beyond its widest word
constexpr double kRounding = 1e-6;       // em by which sums of widths may be off
constexpr double kReserved = 0.98;       // of the width, for a table that is printed in its own size
constexpr double kLinesOfAFloat = 25.0;  // of a table that waits for a page in one column
constexpr double kLinesOfAPage = 40.0;   // of a table's type, caption and rules left out

struct Column {
  double natural = 0;    // its longest cell on one line
  double narrowest = 0;  // its widest word
  double width = 0;      // 0: as wide as its text
  bool numbers = true;   // nothing else in its cells: set to the right
};

// "+0.4", "<0.001", "-0.5 to +0.4", or the dash of a cell that has none.
bool is_number_cell(const std::string& text) {
  if (text.empty() || text == "\u2013") return true;
  const auto number = [](const std::string& one) {
    static const std::string_view kMinus = "\u2212";
    const std::string bare = replaced(one, std::string{kMinus}, "-");
    return has_digit(bare) && bare.find_first_not_of("0123456789.,+-<>=%e") == std::string::npos;
  };
  const auto to = text.find(" to ");
  return to == std::string::npos ? number(text) : number(text.substr(0, to)) && number(text.substr(to + 4));
}

// A value on one line is one word however many it has.
bool is_one_word(const json::value& piece) {
  const std::string value = text_of(piece.as_object(), "value");
  return has_digit(value) && on_one_line(value);
}

std::vector<Column> measured(const json::array& columns, const json::array& rows) {
  std::vector<Column> out(columns.size());
  const auto look = [&](const json::array& cells) {
    for (std::size_t i = 0; i < cells.size() && i < out.size(); ++i) {
      const std::string text = plain(cells[i].as_array());
      out[i].natural = std::max(out[i].natural, width_em(text));
      double word = widest_word_em(text);
      std::size_t values = 0;
      if (beyond_latin(text)) word = std::max(word, width_em("characters "));  // they stand for what no font has
      for (const auto& piece : cells[i].as_array())
        if (is_one_word(piece)) {
          word = std::max(word, width_em(text_of(piece.as_object(), "value")));
          ++values;
        }
      // So is an interval, which reads badly on two lines.
      if (values == 2 && width_em(text) <= kInterval) word = std::max(word, width_em(text));
      out[i].narrowest = std::max(out[i].narrowest, word);
    }
  };
  look(columns);
  for (const auto& row : rows) {
    look(row.as_array());
    for (std::size_t i = 0; i < row.as_array().size() && i < out.size(); ++i)
      out[i].numbers = out[i].numbers && is_number_cell(plain(row.as_array()[i].as_array()));
  }
  for (auto& column : out) column.natural = std::max(column.natural, column.narrowest);
  return out;
}

double sum(const std::vector<Column>& columns, double Column::*member) {
  double total = 0;
  for (const auto& column : columns) total += column.*member + kBetween;
  return total;
}

// A row as the widths of its cells' words.
using Row = std::vector<std::vector<double>>;

Row words_of(const json::array& cells) {
  Row row;
  for (const auto& cell : cells) {
    auto& words = row.emplace_back();
    bool open = false;  // what comes next touches the last word
    const auto add = [&](const std::string& word) {
      if (!open) words.push_back(0);
      words.back() += width_em(word);
      open = true;
    };
    for (const auto& piece : cell.as_array()) {
      const std::string text = plain({piece});
      if (is_one_word(piece)) {
        add(text);
        continue;
      }
      std::size_t at = 0;
      while (at < text.size()) {
        const std::size_t blank = std::min(text.find(' ', at), text.size());
        if (blank > at) add(text.substr(at, blank - at));
        if (blank < text.size()) open = false;
        at = blank + 1;
      }
    }
  }
  return row;
}

// On how many lines words stand in so many em; what is too wide for one is broken.
double wrapped(const std::vector<double>& words, double width) {
  static const double kSpace = width_em(" ");
  double lines = 1, used = 0;
  for (const double word : words) {
    if (used > 0 && used + kSpace + word > width) ++lines, used = 0;
    if (word > width) lines += std::ceil(word / width) - 1;
    used += (used > 0 ? kSpace : 0) + word;
  }
  return lines;
}

double lines_of(const Row& row, const std::vector<Column>& columns) {
  double lines = 1;
  for (std::size_t i = 0; i < row.size() && i < columns.size(); ++i)
    if (columns[i].width > 0) lines = std::max(lines, wrapped(row[i], columns[i].width));
  return lines;
}

double height_of(const std::vector<Row>& rows, const std::vector<Column>& columns) {
  double lines = 0;
  for (const auto& row : rows) lines += lines_of(row, columns);
  return lines;
}

// Width goes from one column to another as long as the table becomes shorter by it: three rows of two lines for a pair
// of arms that lacks little are worth one row of two for its setting.
void shorten(std::vector<Column>& columns, const std::vector<Row>& rows) {
  double best = height_of(rows, columns);
  const auto shorter = [&] {
    for (const double step : {0.5, 1.0, 2.0, 4.0, 8.0, 16.0})
      for (auto& from : columns)
        for (auto& to : columns) {
          const double moved = std::min(step, to.natural + kSlack - to.width);
          if (&from == &to || moved < kRounding || from.width - moved < from.narrowest + kSlack) continue;
          from.width -= moved, to.width += moved;
          if (const double lines = height_of(rows, columns); lines < best) {
            best = lines;
            return true;
          }
          from.width += moved, to.width -= moved;
        }
    return false;
  };
  while (shorter()) {
  }
}

// Columns that ask for less than an even share of what is left are as wide as their text; the others share the rest,
// but where another division makes the table shorter.
void share(std::vector<Column>& columns, const std::vector<Row>& rows, double available) {
  double left = available - kBetween * static_cast<double>(columns.size());
  for (const auto& column : columns) left -= column.narrowest;
  left = std::max(left, 0.0);
  std::vector<Column*> asking;
  for (auto& column : columns) {
    column.width = column.narrowest + kSlack;
    asking.push_back(&column);
  }
  std::sort(asking.begin(), asking.end(),
            [](const Column* a, const Column* b) { return a->natural - a->narrowest < b->natural - b->narrowest; });
  for (std::size_t i = 0; i < asking.size(); ++i) {
    const double given =
        std::min(asking[i]->natural - asking[i]->narrowest, left / static_cast<double>(asking.size() - i));
    asking[i]->width += given;
    left -= given;
  }
  shorten(columns, rows);
  for (auto& column : columns)
    if (column.width > column.natural + kSlack - kRounding) column.width = 0;
}

std::string em(double width) { return decimal(width, 2) + "em"; }

std::string row_of(const json::array& cells, const char* end = " \\\\\n") {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) out += (i ? " & " : "") + pieces(cells[i].as_array(), true);
  return out + end;
}

// Columns as LaTeX has them. `filled`: those of several lines share what the others leave of the line, by their widths.
std::string shape_of(const std::vector<Column>& columns, bool filled) {
  double all = 0, count = 0;
  for (const auto& column : columns) {
    all += column.width;
    count += column.width > 0 ? 1 : 0;
  }
  std::string shape;
  for (const auto& column : columns) {
    const std::string set = column.numbers ? "\\raggedleft" : "\\raggedright";
    if (column.width <= 0)
      shape += column.numbers ? "r" : "l";
    else if (filled)
      shape += ">{\\hsize=" + decimal(column.width * count / all, 2) + "\\hsize\\linewidth=\\hsize" + set +
               "\\hspace{0pt}\\arraybackslash}X";
    else
      shape += ">{" + set + "\\hspace{0pt}\\arraybackslash}p{" + em(column.width) + "}";
  }
  return shape;
}

// Rows of one entry, such as its arms, stay on one page if they are no more than this.
constexpr std::size_t kMostTogether = 4;
constexpr std::size_t kLeastLast = 3;  // rows that a last page holds at least

// A table that stands where it is spoken of and goes on from page to page, so that none is left half empty. Where only
// its caption and a few rows would fit, it begins on the next page.
std::string flowing_table(const json::object& block, const std::string& shape) {
  const std::string head = "\\toprule\n" + row_of(array_of(block, "columns")) + "\\midrule\n",
                    width = std::to_string(array_of(block, "columns").size());
  std::string out = std::string{"\\aisciroom\n\\begingroup"} + kType + "\\setlength{\\tabcolsep}{" + em(kBetween / 2) +
                    "}\n\\begin{longtable}{@{}" + shape + "@{}}\n\\caption{" + pieces(array_of(block, "caption")) +
                    "}\\label{tab:" + key(text_of(block, "id")) + "}\\\\\n" + head + "\\endfirsthead\n\\multicolumn{" +
                    width + "}{@{}l}{\\textbf{Table \\thetable:} continued}\\\\\n" + head +
                    "\\endhead\n\\bottomrule\n\\endfoot\n";
  const auto& rows = array_of(block, "rows");
  std::size_t kept = 0;  // rows before this one that it may not be parted from
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const json::array& row = rows[i].as_array();
    const bool same =
        i + 1 < rows.size() && !row.empty() && !rows[i + 1].as_array().empty() && row[0] == rows[i + 1].as_array()[0];
    const bool last = i + 1 < rows.size() && i + kLeastLast >= rows.size();
    const bool goes_on = last || (same && ++kept < kMostTogether);
    if (!goes_on) kept = 0;
    out += row_of(row, goes_on ? " \\\\*\n" : " \\\\\n");
  }
  return out + "\\end{longtable}\n\\endgroup\n\n";
}

}  // namespace

std::string table(const json::object& block, const Format& format, bool flowing) {
  const auto& heads = array_of(block, "columns");
  const auto& rows = array_of(block, "rows");
  std::vector<Column> columns = measured(heads, rows);
  std::vector<Row> words{words_of(heads)};
  for (const auto& row : rows) words.push_back(words_of(row.as_array()));
  const double natural = sum(columns, &Column::natural);
  const bool spanning = format.columns > 1 && natural > 1.08 * format.column_em;
  // What cannot be made smaller as a whole keeps a reserve for what the estimate of widths misses.
  const bool flows = flowing && format.columns == 1;
  const auto of_text =
      std::count_if(columns.begin(), columns.end(), [](const Column& column) { return !column.numbers; });
  const double available = (spanning ? format.text_em : format.column_em) * (flows ? kReserved : 1.0) -
                           (flows ? kSlack * static_cast<double>(of_text) : 0.0);
  const bool fits = sum(columns, &Column::narrowest) <= available;
  if (natural > available) share(columns, words, available);
  // What TeX measures is at most what was estimated: in a float, columns of several lines take all that is left.
  const bool filled = fits && !flows && std::any_of(columns.begin(), columns.end(), [](const Column& column) {
                        return column.width > 0;
                      });
  const std::string shape = shape_of(columns, filled);
  if (flows && fits) return flowing_table(block, shape);
  if (format.columns == 1 && !flowing && fits &&
      height_of(words, columns) - lines_of(words.front(), columns) > kLinesOfAFloat)
    return "\\aiscisettle\n" + table(block, format, true);
  const std::string place = spanning ? "table*" : "table",
                    open_rows = filled ? "\\begin{tabularx}{\\linewidth}{@{}"
                                       : "\\begin{adjustbox}{max width=\\linewidth}\n\\begin{tabular}{@{}",
                    close_rows = filled ? "\\end{tabularx}\n" : "\\end{tabular}\n\\end{adjustbox}\n",
                    begin = open_rows + shape + "@{}}\n\\toprule\n" + row_of(heads) + "\\midrule\n",
                    end = "\\bottomrule\n" + close_rows + "\\end{" + place + "}\n\n";
  std::string out;
  double lines = 0;
  const auto open = [&] {
    const bool first = out.empty();
    out += "\\begin{" + place + "}\n" + (first ? "" : "\\ContinuedFloat\n") + "\\centering" + kType +
           "\\setlength{\\tabcolsep}{" + em(kBetween / 2) + "}\n\\caption{" +
           (first ? pieces(array_of(block, "caption")) : "continued") + "}\n" +
           (first ? "\\label{tab:" + key(text_of(block, "id")) + "}\n" : "") + begin;
    lines = 0;
  };
  open();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double more = lines_of(words[i + 1], columns);
    if (lines > 0 && lines + more > kLinesOfAPage) {
      out += end;
      open();
    }
    out += row_of(rows[i].as_array());
    lines += more;
  }
  return out + end;
}

}  // namespace aisci::latex
