package edit

import "strings"

// latinPairs lists, for each combining mark, letters and their composed forms.
// Pages, feeds and file systems disagree on which form they send; only the
// letters that news is written in are here, which is what a comparison needs
// (Unicode Standard Annex 15, canonical composition).
const latinPairs = "\u0300AÀEÈIÌOÒUÙaàeèiìoòuùNǸnǹ" +
	"\u0301AÁEÉIÍOÓUÚYÝaáeéiíoóuúyýCĆcćLĹlĺNŃnńRŔrŕSŚsśZŹzź" +
	"\u0302AÂEÊIÎOÔUÛaâeêiîoôuûCĈcĉGĜgĝHĤhĥJĴjĵSŜsŝWŴwŵYŶyŷ" +
	"\u0303AÃNÑOÕaãnñoõIĨiĩUŨuũ" +
	"\u0304AĀaāEĒeēIĪiīOŌoōUŪuū" +
	"\u0306AĂaăEĔeĕGĞgğIĬiĭOŎoŏUŬuŭИЙий" +
	"\u0307CĊcċEĖeėGĠgġIİZŻzż" +
	"\u0308AÄEËIÏOÖUÜaäeëiïoöuüyÿYŸЕЁеёІЇії" +
	"\u030aAÅaåUŮuů" +
	"\u030bOŐoőUŰuű" +
	"\u030cCČcčDĎdďEĚeěNŇnňRŘrřSŠsšTŤtťZŽzž" +
	"\u0327CÇcçGĢKĶkķLĻlļNŅnņRŖrŗSŞsşTŢtţ" +
	"\u0328AĄaąEĘeęIĮiįUŲuų" +
	"\u3099かがきぎくぐけげこごさざしじすずせぜそぞただちぢつづてでとどはばひびふぶへべほぼカガキギクグケゲコゴサザシジスズセゼソゾタダチヂツヅテデトドハバヒビフブヘベホボウヴ" +
	"\u309aはぱひぴふぷへぺほぽハパヒピフプヘペホポ"

// compositions maps a letter and a mark to one character; it is never changed.
var compositions = func() map[[2]rune]rune {
	pairs := map[[2]rune]rune{}
	runes := []rune(latinPairs)
	var mark rune
	for i := 0; i < len(runes); {
		if isMark(runes[i]) {
			mark = runes[i]
			i++
			continue
		}
		pairs[[2]rune{runes[i], mark}] = runes[i+1]
		i += 2
	}
	return pairs
}()

func isMark(r rune) bool { return r >= 0x0300 && r <= 0x036f || r == 0x3099 || r == 0x309a }

// Hangul composition, Unicode Standard section 3.12.
const (
	hangulS, hangulL, hangulV, hangulT     = 0xac00, 0x1100, 0x1161, 0x11a7
	hangulLs, hangulVs, hangulTs, hangulSs = 19, 21, 28, 11172
)

// compose joins letters and the marks that follow them.
func compose(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return isMark(r) || r >= hangulL && r <= 0x11ff }) {
		return text
	}
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if len(out) == 0 {
			out = append(out, r)
			continue
		}
		last := out[len(out)-1]
		if c, ok := compositions[[2]rune{last, r}]; ok {
			out[len(out)-1] = c
			continue
		}
		l, v, t := last-hangulL, r-hangulV, r-hangulT
		if l >= 0 && l < hangulLs && v >= 0 && v < hangulVs {
			out[len(out)-1] = hangulS + (l*hangulVs+v)*hangulTs
			continue
		}
		if s := last - hangulS; s >= 0 && s < hangulSs && s%hangulTs == 0 && t > 0 && t < hangulTs {
			out[len(out)-1] = last + t
			continue
		}
		out = append(out, r)
	}
	return string(out)
}
