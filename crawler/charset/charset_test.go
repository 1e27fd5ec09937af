package charset

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
)

// samples holds a text a charset; lang is what its page declares.
var samples = []struct {
	charset, lang, text string
	// undeclared is the charset accepted when the page declares nothing but its
	// language; empty where the text cannot be told.
	undeclared string
}{
	{"utf-8", "fr", "Les délégués se sont réunis à Genève où l'été s'achève. 서울 東京 Москва", "utf-8"},
	{"windows-1252", "fr", "Les délégués se sont réunis à Genève – l’été s’achève, “dit-on”, pour 20 €.", "windows-1252"},
	{"iso-8859-15", "fr", "Les délégués se sont réunis à Genève où l'été s'achève au cœur de la ville, pour 20 € d'œufs.", "iso-8859-15"},
	{"windows-1250", "pl", "Zażółć gęślą jaźń. Święta są już blisko, a śnieg wciąż nie spadł w górach.", "windows-1250"},
	{"iso-8859-2", "pl", "Zażółć gęślą jaźń. Święta są już blisko, a śnieg wciąż nie spadł w górach.", "iso-8859-2"},
	{"windows-1251", "ru", "Президент России провёл встречу с главой правительства. Переговоры прошли в Москве при закрытых дверях.", "windows-1251"},
	{"koi8-r", "ru", "Президент России провёл встречу с главой правительства. Переговоры прошли в Москве при закрытых дверях.", "koi8-r"},
	{"iso-8859-5", "ru", "Президент России провёл встречу с главой правительства. Переговоры прошли в Москве при закрытых дверях.", "iso-8859-5"},
	{"windows-1253", "el", "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία της χώρας και την ανάπτυξη.", "windows-1253"},
	{"windows-1254", "tr", "Cumhurbaşkanı dün akşam İstanbul'da gazetecilere açıklamalarda bulundu; görüşme iki saat sürdü.", "windows-1254"},
	{"windows-1255", "he", "ראש הממשלה נפגש אמש עם שרי הקבינט בירושלים ודן עמם בתקציב המדינה לשנה הבאה.", "windows-1255"},
	{"windows-1256", "ar", "أعلنت الحكومة اليوم عن إجراءات جديدة لدعم الاقتصاد الوطني في جميع المدن الكبرى.", "windows-1256"},
	{"euc-kr", "ko", "정부는 오늘 새로운 경제 대책을 발표했다. 대통령은 회의에서 국민의 안전이 가장 중요하다고 말했다.", "euc-kr"},
	{"shift_jis", "ja", "政府は今日、新しい経済対策を発表した。首相は会議で国民の安全が最も重要だと述べた。", "shift_jis"},
	{"euc-jp", "ja", "政府は今日、新しい経済対策を発表した。首相は会議で国民の安全が最も重要だと述べた。", "euc-jp"},
	{"iso-2022-jp", "ja", "政府は今日、新しい経済対策を発表した。首相は会議で国民の安全が最も重要だと述べた。", "iso-2022-jp"},
	{"gb18030", "zh", "政府今天宣布了新的经济措施。总理在会议上说，人民的安全是最重要的，我们要为国家的发展而努力。", "gb18030"},
	{"gbk", "zh-CN", "政府今天宣布了新的经济措施。总理在会议上说，人民的安全是最重要的，我们要为国家的发展而努力。", "gb18030"},
	{"big5", "zh-TW", "政府今天宣布了新的經濟措施。總理在會議上說，人民的安全是最重要的，我們要為國家的發展而努力。", "big5"},
	{"iso-8859-7", "el", "Η κυβέρνηση ανακοίνωσε σήμερα νέα μέτρα για την οικονομία. Άλλωστε, η ανάπτυξη της χώρας είναι ο στόχος.", "iso-8859-7"},
	{"windows-1257", "lt", "Vyriausybė šiandien pranešė apie naujas priemones, kurios padės šalies ūkiui ir žmonėms, kad būtų lengviau.", "windows-1257"},
	{"iso-8859-13", "lv", "Valdība šodien paziņoja par jauniem pasākumiem “valsts ekonomikai”, un ministri tos apspriedīs rīt.", "iso-8859-13"},
	{"windows-1250", "cs", "Vláda dnes oznámila nová opatření pro české hospodářství; ministři se sejdou příští týden v Praze.", "windows-1250"},
	{"iso-8859-2", "hu", "A kormány ma új intézkedéseket jelentett be, hogy a gazdaság növekedését erősítse; ez már őszre várható.", ""},
	{"koi8-u", "uk", "Уряд сьогодні оголосив нові заходи для економіки України, і їхня мета: захистити людей.", "koi8-u"},
	{"windows-874", "th", "รัฐบาลประกาศมาตรการใหม่เพื่อเศรษฐกิจของประเทศ และนายกรัฐมนตรีกล่าวว่าความปลอดภัยของประชาชนสำคัญที่สุด", "windows-874"},
	{"windows-1252", "it", "La città è già piena: «così non si può», dice il sindaco, perché la metà dei turisti è più giù, e là c'è la festa.", "windows-1252"},
	{"windows-1252", "is", "Ríkisstjórnin kynnti í dag nýjar aðgerðir fyrir þjóðina og það er ekki víst að þær dugi.", "windows-1252"},
	{"utf-16le", "fr", "Les délégués se sont réunis à Genève. 서울", "utf-16le"},
	{"utf-16be", "fr", "Les délégués se sont réunis à Genève. 서울", "utf-16be"},
}

func page(head, lang, text string) string {
	return fmt.Sprintf("<!doctype html><html lang=%q><head>%s<title>Veille</title></head><body><p>%s</p></body></html>", lang, head, text)
}

func encodeText(t testing.TB, charset, s string) []byte {
	t.Helper()
	enc, err := htmlindex.Get(charset)
	if err != nil {
		t.Fatal(err)
	}
	b, err := enc.NewEncoder().Bytes([]byte(s))
	if err != nil {
		t.Fatalf("%s: %v", charset, err)
	}
	return b
}

func TestDecode_ReadsEveryCharsetHoweverItIsDeclared(t *testing.T) {
	for _, s := range samples {
		wide := strings.HasPrefix(s.charset, "utf-16")
		meta := fmt.Sprintf("<meta charset=%q>", s.charset)
		equiv := fmt.Sprintf(`<meta http-equiv=Content-Type content="text/html; charset=%s">`, s.charset)
		cases := []struct{ how, head, header, want string }{
			{"header", "", "text/html; charset=" + s.charset, s.charset},
			{"sloppy header", "", "text/html;CHARSET = '" + strings.ToUpper(s.charset) + "' ;q=1", s.charset},
			{"meta", meta, "text/html", s.charset},
			{"http-equiv", equiv, "", s.charset},
			{"meta after 20 KB", "<style>" + strings.Repeat("a{b:c}", 4000) + "</style>" + meta, "", s.charset},
			{"not declared", "", "", s.undeclared},
			{"meta says utf-8 wrongly", `<meta charset="utf-8">`, "", s.undeclared},
			{"header says utf-8 wrongly", "", "text/html; charset=UTF-8", s.undeclared},
			{"unknown label", `<meta charset="x-no-such">`, "text/html; charset=none", s.undeclared},
			{"utf-7 declared", `<meta charset="utf-7">`, "text/html; charset=utf-7", s.undeclared},
		}
		for _, c := range cases {
			if c.want == "" {
				continue
			}
			if wide && c.how == "header" {
				c.want = s.charset
			}
			t.Run(s.charset+"/"+c.how, func(t *testing.T) {
				got, name := Decode(encodeText(t, s.charset, page(c.head, s.lang, s.text)), c.header)
				if name != c.want {
					t.Errorf("charset = %q, want %q", name, c.want)
				}
				if !strings.Contains(string(got), s.text) {
					t.Errorf("text is lost: %.300q", got)
				}
			})
		}
	}
}

func TestDecode_BelievesTheBytesOverAWrongDeclaration(t *testing.T) {
	french := "Les délégués se sont réunis à Genève où l'été s'achève."
	korean := samples[12].text
	for _, c := range []struct {
		name, header string
		body         []byte
		want, text   string
	}{
		{"valid UTF-8 under a legacy meta", "", []byte(page(`<meta charset="iso-8859-1">`, "fr", french)), "utf-8", french},
		{"valid UTF-8 under a server default", "text/html; charset=iso-8859-1", []byte(page("", "fr", french)), "utf-8", french},
		{"UTF-8 with one broken byte in many", "", []byte(page(`<meta charset="iso-8859-1">`, "fr", strings.Repeat(french, 20)) + "\xff"), "utf-8", french},
		{"UTF-8 with one broken byte, undeclared", "", []byte(page("", "fr", strings.Repeat(french, 20)) + "\xff"), "utf-8", french},
		{"a BOM over the header", "text/html; charset=windows-1252", []byte("\xef\xbb\xbf" + page("", "fr", french)), "utf-8", french},
		{"a UTF-16 BOM", "text/html; charset=utf-8", append([]byte("\xff\xfe"), encodeText(t, "utf-16le", page("", "fr", french))...), "utf-16le", french},
		{"Korean under a Japanese meta", "", encodeText(t, "euc-kr", page(`<meta charset="shift_jis">`, "ko", korean)), "euc-kr", korean},
		{"an XML declaration", "", encodeText(t, "koi8-r", `<?xml version="1.0" encoding="KOI8-R"?>`+page("", "", samples[6].text)), "koi8-r", samples[6].text},
		{"ISO-8859-1 read as windows-1252", "text/html; charset=ISO-8859-1", encodeText(t, "windows-1252", page("", "fr", "l’été")), "windows-1252", "l’été"},
		{"GB2312 read as its superset", "text/html; charset=gb2312", encodeText(t, "gb18030", page("", "zh", samples[16].text)), "gbk", samples[16].text},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, name := Decode(c.body, c.header)
			if name != c.want {
				t.Errorf("charset = %q, want %q", name, c.want)
			}
			if !strings.Contains(string(got), c.text) {
				t.Errorf("text is lost: %.300q", got)
			}
		})
	}
}

func TestDecode_ReadsUndeclaredTextWithoutALanguage(t *testing.T) {
	for _, s := range samples {
		if s.undeclared == "" {
			continue
		}
		t.Run(s.charset, func(t *testing.T) {
			got, name := Decode(encodeText(t, s.charset, page("", "", s.text)), "")
			if name != s.undeclared {
				t.Errorf("charset = %q, want %q", name, s.undeclared)
			}
			if !strings.Contains(string(got), s.text) {
				t.Errorf("text is lost: %.300q", got)
			}
		})
	}
}

func TestDecode_AnswersAlike(t *testing.T) {
	body := encodeText(t, "euc-kr", page("", "", "서울"))
	_, want := Decode(body, "")
	for range 50 {
		if _, got := Decode(body, ""); got != want {
			t.Fatalf("charset = %q, then %q", want, got)
		}
	}
}

// A paragraph more or less, or a wrong lang attribute, must not turn the
// charset of a page: each turn would look like an edit of all its text.
func TestDecode_KeepsItsChoiceWhenAParagraphComesOrGoes(t *testing.T) {
	for _, s := range samples {
		if s.undeclared == "" || strings.HasPrefix(s.charset, "utf-16") {
			continue
		}
		for _, lang := range []string{s.lang, "", "en"} {
			t.Run(s.charset+"/"+s.lang+" as "+lang, func(t *testing.T) {
				paragraphs := slices.Repeat([]string{s.text, "12.30: 4-2", s.text + " (AFP)", "Photo: Reuters / J. Smith"}, 4)
				for i := range 50 {
					at := i % len(paragraphs)
					changed := slices.Delete(slices.Clone(paragraphs), at, at+1)
					if i >= len(paragraphs) {
						added := []string{"Live", "The full story of the day, in English, from our partner", s.text[:len(s.text)/2], "100 % © 2026"}[i%4]
						changed = slices.Insert(slices.Clone(paragraphs), at, strings.ToValidUTF8(added, ""))
					}
					text := strings.Join(changed, "</p>\n<p>")
					if s.charset != "utf-8" {
						text = strings.ReplaceAll(text, "©", "&copy;")
					}
					want := page("", lang, text)
					got, name := Decode(encodeText(t, s.charset, want), "")
					if name != s.undeclared || string(got) != want {
						t.Fatalf("change %d: charset = %q", i, name)
					}
				}
			})
		}
	}
}

func TestDecode_OverrulesADefaultThatShowsNoLanguage(t *testing.T) {
	for _, s := range samples {
		switch s.charset {
		case "windows-1251", "koi8-r", "windows-1253", "windows-1255", "windows-1256", "euc-kr", "shift_jis", "euc-jp", "gb18030", "big5":
		default:
			continue
		}
		t.Run(s.charset, func(t *testing.T) {
			want := page(`<meta charset="windows-1252">`, s.lang, strings.Repeat(s.text+" ", 3))
			got, name := Decode(encodeText(t, s.charset, want), "text/html; charset=ISO-8859-1")
			if name != s.charset || string(got) != want {
				t.Errorf("charset = %q: %.200q", name, got)
			}
		})
	}
}

func TestDecode_NeverDecodesUTF7(t *testing.T) {
	body := []byte("<meta charset=utf-7>+ADw-script+AD4-alert(1)+ADw-/script+AD4-")
	got, name := Decode(body, "text/html; charset=utf-7")
	if name != "utf-8" || string(got) != string(body) {
		t.Errorf("got %q as %q", got, name)
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples {
		enc, _ := htmlindex.Get(s.charset)
		b, _ := enc.NewEncoder().Bytes([]byte(page("", s.lang, s.text)))
		f.Add(b, "text/html; charset="+s.charset)
		f.Add(b, "")
	}
	f.Add([]byte("\xff\xfe\x00"), "")
	f.Add([]byte(nil), "charset=")
	f.Add([]byte("\x1b$B\x1b"), "text/html; charset=\"")
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		text, name := Decode(body, contentType)
		if !utf8.Valid(text) {
			t.Errorf("not UTF-8: %q", text)
		}
		if name == "" || name != strings.ToLower(name) {
			t.Errorf("name = %q", name)
		}
	})
}
