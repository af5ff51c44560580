#include "common/core/fact_id.hpp"
#include "common/core/json_text.hpp"
#include "common/core/sha256.hpp"
#include "common/core/time.hpp"

#include <gtest/gtest.h>

using namespace sluice::core;

namespace {

std::string nested(std::size_t levels) { return std::string(levels, '[') + std::string(levels, ']'); }

std::string again(std::string_view text) {
    const auto time = from_rfc3339(text);
    return time ? rfc3339(*time) : "refused";
}

}  // namespace

// Vectors of FIPS 180-4 and of NIST's CAVP.
TEST(Sha256, agrees_with_the_standard) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    EXPECT_EQ(
        sha256_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                   "mnopqrstnopqrstu"),
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
    EXPECT_EQ(sha256_hex(std::string(1'000'000, 'a')),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(sha256_hex("\xbd"), "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b");
}

TEST(Sha256, does_not_mind_in_which_pieces_it_is_fed) {
    std::string text;
    for (int i = 0; i < 300; ++i) text.push_back(static_cast<char>(i));
    for (std::size_t size : {1, 7, 63, 64, 65, 128, 299}) {
        Sha256 hasher;
        for (std::size_t at = 0; at < text.size(); at += size) hasher.update(std::string_view(text).substr(at, size));
        EXPECT_EQ(hasher.finish(), sha256(text)) << "pieces of " << size;
    }
}

TEST(Sha256, pads_messages_of_every_length) {
    Hash all{};
    for (std::size_t size = 0; size <= 130; ++size) {
        const auto hash = sha256(std::string(size, 'x') + hex(all));
        EXPECT_NE(hash, all);
        all = hash;
    }
    EXPECT_EQ(sha256_hex(std::string(55, 'a')), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    EXPECT_EQ(sha256_hex(std::string(56, 'a')), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    EXPECT_EQ(sha256_hex(std::string(64, 'a')), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
}

TEST(Sha256, writes_digests_one_way) {
    EXPECT_EQ(digest_of("abc"), "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(std::string_view("\x00\x0f\xf0\xff", 4)), "000ff0ff");
}

TEST(FactId, is_written_as_a_uuid) {
    const FactId id{0x0123456789abcdef, 0xfedcba9876543210};
    EXPECT_EQ(to_text(id), "01234567-89ab-cdef-fedc-ba9876543210");
    EXPECT_EQ(fact_id_from(to_text(id)), id);
    EXPECT_EQ(fact_id_from("00000000-0000-0000-0000-000000000000"), FactId{});
    EXPECT_TRUE(FactId{}.is_none());
}

TEST(FactId, is_read_from_nothing_else) {
    for (const auto* text : {"", "01234567-89ab-cdef-fedc-ba987654321", "01234567-89ab-cdef-fedc-ba98765432100",
                             "01234567-89AB-cdef-fedc-ba9876543210", "0123456789abcdeffedcba9876543210",
                             "01234567x89ab-cdef-fedc-ba9876543210", "{1234567-89ab-cdef-fedc-ba987654321}",
                             "01234567-89ab-cdef-fedc-ba98765-3210", "g1234567-89ab-cdef-fedc-ba9876543210"})
        EXPECT_FALSE(fact_id_from(text)) << text;
}

// More vectors, which Python computes again: events/examples/ids.json.
TEST(FactId, is_derived_as_version_8) {
    const auto id = to_text(derive({"main", "registry", ""}, external_id("trainer-1", "/job", "7"), "AliasMoved"));
    EXPECT_EQ(id[14], '8');
    EXPECT_NE(std::string("89ab").find(id[19]), std::string::npos);
    EXPECT_EQ(to_text(external_id("", "", "")), "15ec7bf0-b507-82b4-9f82-28e07d243653") << "12 zero bytes";
}

TEST(FactId, depends_on_every_part) {
    const FactId cause{1, 2};
    const auto id = derive({"main", "registry", ""}, cause, "AliasMoved", "a");
    EXPECT_EQ(id, derive({"main", "registry", ""}, cause, "AliasMoved", "a"));
    EXPECT_NE(id, derive({"other", "registry", ""}, cause, "AliasMoved", "a"));
    EXPECT_NE(id, derive({"main", "approver", ""}, cause, "AliasMoved", "a"));
    EXPECT_NE(id, derive({"main", "registry", "1"}, cause, "AliasMoved", "a"));
    EXPECT_NE(id, derive({"main", "registry", ""}, {2, 1}, "AliasMoved", "a"));
    EXPECT_NE(id, derive({"main", "registry", ""}, cause, "AliasMove", "da"));
    EXPECT_NE(id, derive({"main", "registry", ""}, cause, "AliasMoved", "b"));
    EXPECT_NE(id, derive({"mainregistry", "", ""}, cause, "AliasMoved", "a"));
}

TEST(Time, is_written_in_utc_with_milliseconds) {
    EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(1769862896789), "2026-01-31T12:34:56.789Z");
    EXPECT_EQ(rfc3339(253402300799999), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(rfc3339(-62167219200000), "0000-01-01T00:00:00.000Z");
}

TEST(Time, is_read_as_it_was_written) {
    for (const auto* text : {"2026-01-31T12:34:56.789Z", "2024-02-29T00:00:00.000Z", "2000-02-29T23:59:59.999Z",
                             "1600-02-29T00:00:00.001Z", "1969-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z"})
        EXPECT_EQ(again(text), text);
}

TEST(Time, is_read_with_any_offset) {
    EXPECT_EQ(again("2026-01-31T12:34:56+02:30"), "2026-01-31T10:04:56.000Z");
    EXPECT_EQ(again("2026-01-31T23:34:56-01:00"), "2026-02-01T00:34:56.000Z");
    EXPECT_EQ(again("2026-01-31t12:34:56z"), "2026-01-31T12:34:56.000Z");
    EXPECT_EQ(again("2026-01-31 12:34:56Z"), "2026-01-31T12:34:56.000Z");
    EXPECT_EQ(again("2026-01-31T12:34:56-00:00"), "2026-01-31T12:34:56.000Z");
}

TEST(Time, takes_three_decimals_and_drops_the_rest) {
    EXPECT_EQ(again("2026-01-31T12:34:56.7Z"), "2026-01-31T12:34:56.700Z");
    EXPECT_EQ(again("2026-01-31T12:34:56.78Z"), "2026-01-31T12:34:56.780Z");
    EXPECT_EQ(again("2026-01-31T12:34:56.789999999Z"), "2026-01-31T12:34:56.789Z");
    EXPECT_EQ(again("2026-12-31T23:59:60Z"), "2027-01-01T00:00:00.000Z") << "a leap second";
}

TEST(Time, is_read_from_nothing_else) {
    for (const auto* text : {"",
                             "2026-01-31",
                             "2026-01-31T12:34:56",
                             "2026-01-31T12:34Z",
                             "2026-13-01T00:00:00Z",
                             "2026-00-01T00:00:00Z",
                             "2026-02-29T00:00:00Z",
                             "1900-02-29T00:00:00Z",
                             "2026-04-31T00:00:00Z",
                             "2026-01-00T00:00:00Z",
                             "2026-01-31T24:00:00Z",
                             "2026-01-31T12:60:00Z",
                             "2026-01-31T12:34:61Z",
                             "2026-01-31T12:34:56.Z",
                             "2026-01-31T12:34:56.1234567890Z",
                             "2026-01-31T12:34:56+0200",
                             "2026-01-31T12:34:56+24:00",
                             "2026-01-31T12:34:56+02:60",
                             "2026-01-31T12:34:56Z ",
                             " 2026-01-31T12:34:56Z",
                             "26-01-31T12:34:56Z",
                             "+026-01-31T12:34:56Z",
                             "2026-1-31T12:34:56Z",
                             "2026-01-31T12:34:56ZZ",
                             "2026-01-31T12:34:56,5Z"})
        EXPECT_EQ(again(text), "refused") << text;
}

TEST(Time, reads_only_what_it_could_write) {
    EXPECT_EQ(again("0000-01-01T00:00:00+00:01"), "refused");
    EXPECT_EQ(again("9999-12-31T23:59:59-00:01"), "refused");
    EXPECT_EQ(again("9999-12-31T23:59:60Z"), "refused");
    EXPECT_EQ(again("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z");
    EXPECT_EQ(again("0000-01-01T00:01:00+00:01"), "0000-01-01T00:00:00.000Z");
}

TEST(Time, agrees_with_itself_over_four_centuries) {
    for (Time day = -146'097; day <= 146'097; day += 13) {
        const Time time = day * 86'400'000 + 45'296'789;
        ASSERT_EQ(from_rfc3339(rfc3339(time)), time) << rfc3339(time);
    }
}

TEST(JsonText, escapes_what_json_demands) {
    EXPECT_EQ(json_string(""), R"("")");
    EXPECT_EQ(json_string(R"(a "b" \c/)"), R"("a \"b\" \\c/")");
    EXPECT_EQ(json_string(std::string_view("\0\n\x1f\x7f", 4)), "\"\\u0000\\u000a\\u001f\x7f\"");
    EXPECT_EQ(json_string("größe 模型 🙂"), "\"größe 模型 🙂\"");
}

TEST(JsonText, puts_question_marks_for_what_is_not_utf8) {
    EXPECT_EQ(json_string("a\xff"
                          "b"),
              R"("a?b")");
    EXPECT_EQ(json_string("\xc3"), R"("?")") << "cut short";
    EXPECT_EQ(json_string("\xc0\xaf"), R"("??")") << "overlong";
    EXPECT_EQ(json_string("\xed\xa0\x80"), R"("???")") << "a surrogate";
    EXPECT_EQ(json_string("\xf4\x90\x80\x80"), R"("????")") << "beyond U+10FFFF";
}

TEST(JsonText, knows_how_deep_a_text_nests) {
    EXPECT_FALSE(nests_deeper_than(64, nested(64)));
    EXPECT_TRUE(nests_deeper_than(64, nested(65)));
    EXPECT_TRUE(nests_deeper_than(1, R"({"a":[)")) << "cut short";
    EXPECT_FALSE(nests_deeper_than(1, "[],[],{},]]]{}")) << "beside each other";
    EXPECT_FALSE(nests_deeper_than(1, R"(["[[[","\"[[[","\\"])")) << "in texts";
    EXPECT_TRUE(nests_deeper_than(1, R"(["\\",[])"));
    EXPECT_FALSE(nests_deeper_than(0, ""));
}
