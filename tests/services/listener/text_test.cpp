#include "services/listener/api/text.hpp"

#include <gtest/gtest.h>

using namespace sluice::listener;

namespace {

TEST(ListenerText, takes_utf8_as_it_is_meant) {
    EXPECT_TRUE(is_utf8("plain, \xC3\xA9, \xE2\x82\xAC, \xF0\x9F\x8E\xA9"));
    for (const auto* wrong : {"\xC0\xA0", "\xC1\xBF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\x80", "\xE2\x82", "\xE2\x28\xA1"})
        EXPECT_FALSE(is_utf8(wrong));
}

TEST(ListenerText, leaves_controls_and_noncharacters_out_of_attributes) {
    EXPECT_TRUE(is_attribute("\xC3\xA9 and blanks"));
    for (const auto* wrong : {"a\nb", "\x7F", "\xC2\x85", "\xEF\xBF\xBE", "\xEF\xB7\x90", "\xF0\x9F\xBF\xBF"})
        EXPECT_FALSE(is_attribute(wrong));
}

TEST(ListenerText, decodes_a_header_once) {
    EXPECT_EQ(header_text("Euro%20%E2%82%AC"), "Euro \xE2\x82\xAC");
    EXPECT_EQ(header_text("%2541"), "%41");
    EXPECT_EQ(header_text(R"("quo\"ted%20")"), "quo\"ted ");
    EXPECT_EQ(header_text("raw \xE2\x82\xAC"), "raw \xE2\x82\xAC");
    for (const auto* wrong : {"%C0%A0", "%", "%4", "%zz", "\xC0\xA0"}) EXPECT_FALSE(header_text(wrong));
}

TEST(ListenerText, bounds_how_deep_and_how_wide_json_may_be) {
    EXPECT_TRUE(is_modest_json(std::string(32, '[')));
    EXPECT_FALSE(is_modest_json(std::string(33, '[')));
    EXPECT_TRUE(is_modest_json("[" + std::string(10'000, ',')));
    EXPECT_FALSE(is_modest_json("[" + std::string(10'001, ',')));
    EXPECT_TRUE(is_modest_json("\"\\\"" + std::string(20'000, '[') + "\""));
}

TEST(ListenerText, writes_base64_with_padding) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("\xFF\xFE\xFD"), "//79");
}

}  // namespace
