// Frames between a program and the process of its plugin: long texts are borrowed on the way out and read to where they
// stay on the way in, and nothing of that shows in what arrives.
#include "host/frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace aisci::host {
namespace {

// Writes a frame to a stream and reads it back, `step` bytes at a time.
Frame sent(const Packer& body, std::size_t step) {
  char header[kFrameHeader];
  write_header(header, FrameKind::kReport, 7, body.size());
  std::string stream{header, sizeof header};
  for (const std::string_view piece : body.pieces()) stream += piece;
  FrameReader reader;
  Frame frame;
  bool whole = false;
  for (std::size_t at = 0; at < stream.size();) {
    EXPECT_FALSE(whole) << "a frame that is whole before its end";
    const std::span<char> room = reader.room();
    const std::size_t came = std::string_view{stream}.substr(at, step).copy(room.data(), room.size());
    reader.came(came);
    at += came;
    whole = reader.next(frame);
  }
  EXPECT_TRUE(whole);
  EXPECT_EQ(frame.number, 7u);
  return frame;
}

TEST(Frames, LongAndShortTextsArriveAsTheyWereSent) {
  const std::string words(300, 'w'), page(5'000, 'p'), book(3'000'000, 'b');
  Packer arguments;
  arguments.text(page).text(words).number(std::int32_t{-3}).text(book);
  Packer body;
  body.number(1.5).text(page).add(arguments).text("");
  EXPECT_EQ(body.size(), body.take().size());
  for (const std::size_t step : {std::size_t{999}, std::size_t{16'400}, std::size_t{9'000'000}}) {
    const Frame frame = sent(body, step);
    EXPECT_EQ(frame.body, body.take());
    Unpacker in{frame.body};
    EXPECT_EQ(in.number<double>(), 1.5);
    for (const std::string& text : {page, page, words}) EXPECT_EQ(in.text(), text);
    EXPECT_EQ(in.number<std::int32_t>(), -3);
    EXPECT_TRUE(in.text() == book);
    EXPECT_EQ(in.text(), "");
    EXPECT_TRUE(in.finished());
  }
}

TEST(Frames, MoreLongTextsThanAreBorrowedArriveToo) {
  std::vector<std::string> texts;
  for (int i = 0; i < 200; ++i) texts.emplace_back(2'000, static_cast<char>('a' + i % 26));
  Packer body;
  for (const std::string& text : texts) body.text(text);
  EXPECT_LE(body.pieces().size(), 256u);  // what one message carries is bounded
  const Frame frame = sent(body, 4'096);
  Unpacker in{frame.body};
  for (const std::string& text : texts) ASSERT_EQ(in.text(), text);
  EXPECT_TRUE(in.finished());
}

TEST(Frames, ResultIsItsDataOrItsFailureOrUnreadable) {
  const std::string data(70'000, 'd');
  EXPECT_EQ(take_result(pack_result({}, data).take())->value(), data);
  EXPECT_EQ(take_result(pack_result({}, "").take())->value(), "");
  const Status failure{StatusCode::kNotFound, "no such thing"};
  EXPECT_EQ(take_result(pack_result(failure, "ignored").take())->status(), failure);
  std::string damaged = pack_result({}, data).take();
  EXPECT_FALSE(take_result(damaged.substr(0, 5)));
  damaged.back() = '\x7f';  // a size of more than there is
  EXPECT_FALSE(take_result(std::move(damaged)));
}

}  // namespace
}  // namespace aisci::host
