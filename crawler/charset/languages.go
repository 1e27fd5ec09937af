package charset

import "strings"

// language is what tells the texts of a language when their charset is not
// known.
type language struct {
	// codes are those of the lang attribute.
	codes string
	// letters beyond ASCII, lower case, the most frequent first.
	letters string
	// words are frequent ones within ASCII, which every charset shows alike.
	words string
	// charsets are those its pages are met in, the likeliest first.
	charsets string
}

// Groups of charsets that languages share.
const (
	western  = "windows-1252 iso-8859-15"
	central  = "windows-1250 iso-8859-2"
	cyrillic = "windows-1251 koi8-r koi8-u iso-8859-5 ibm866"
	baltic   = "windows-1257 iso-8859-13 iso-8859-4"
)

// languages lists the languages by group, in the order that settles a draw:
// charsets that share the letters a text uses are one as good as the other.
func languages() []language {
	return []language{
		{"en", "éïöèüáñçóíâ", "the of and to in that is for on with as was by at from it", western},
		{"fr oc br", "éèàêçôîâûùëïœæÿ", "le la les des et du une dans que pour est sur par qui au avec pas plus ce son aux", western},
		{"de lb gsw", "üäößéèà", "der die und das den von mit ist im auf nicht ein eine des sich dem zu auch als", western},
		{"es gl ast", "óíáéñúü¡¿ºª", "de la que el en los las del por con una para su se al es como", western},
		{"pt", "ãçáéóêíõúâàôüºª", "de que do da em para com uma os no na dos por mais ao se foi", western},
		{"it", "èàùòéìíóú", "di che il la per del con una della non sono nel dei le gli da al", western},
		{"nl fy af", "ëéïöèüóáê", "de het een van en in dat op te voor met zijn niet is aan die", western},
		{"sv", "äåöéüà", "och att det i en som av den med till inte ett har om de var", western},
		{"da no nb nn fo", "øåæéöäòôü", "og det at en er til som af av den med for ikke har de var", western},
		{"fi", "äöåéšž", "ja on ei oli ovat kun mutta joka sen se ne tai jos niin", western},
		{"is", "íáðéöúóþæý", "og er sem til um ekki var en hann fyrir ekki eru", western},
		{"ca", "óéèàíïçòúü·", "de la que els les amb per una del al es pel dels", western},
		{"ga gd cy", "áíéóúâêîôûŵŷàèìòù", "an na agus ar le go is yn y ac o ei", western},

		{"pl", "ąęłóżśćńź", "w i na z nie do jest to o po od za przez jak dla oraz", central},
		{"cs", "íáěéžřčšýůúňóťď", "v na se je o s z do to ze pro by jako od za podle", central},
		{"sk", "áíéčžýšľúťňôäóďŕĺ", "v na sa je o s z do to ako pre by aj od za podľa", central},
		{"hu", "áéóöőíüűú", "a az hogy nem is egy ez volt meg mint csak", central},
		{"ro mo", "ăîâţş", "de la cu pe din nu care o este un ce mai sau", central},
		{"hr bs sl sh sr", "čšžćđ", "u i je na se za od da su koji v in so ki po ni iz", central},
		{"sq", "ëç", "dhe i me nga se per nje ka te ne", "windows-1252 windows-1250 iso-8859-2"},

		{"tr", "ıüşğçöâîû", "ve bir bu da de ile olarak olan daha gibi sonra kadar", "windows-1254"},
		{"lt", "ėšųūžįčąę", "ir kad su yra tai iki apie buvo per nuo bet kaip", baltic},
		{"lv", "āīēšūžņļčģķ", "un ir ka no par ar uz kas ne bet", baltic},
		{"et", "äõüöšž", "ja on et ei oli ka kui see ning oma aga", "windows-1252 iso-8859-15 windows-1257 iso-8859-13 iso-8859-4"},
		{"vi", "đ\u0323\u0301\u0300ươâêô\u0309ă\u0303àáíóúéèùã", "trong cho khi theo ra hay anh con sau nhau", "windows-1258"},

		{"ru", "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", "", cyrillic},
		{"uk", "оанивтерсілкдумпязьбгйчхцжїюєшщфґ", "", cyrillic},
		{"bg", "аеионтрсвлкдпмзгяубъчцщжхшйфюь", "", cyrillic},
		{"sr mk sh", "аоиенртсвјкдупмлзгбчшцњжћхљђџфѓќѕ", "", cyrillic},
		{"be", "аніеорстклвдумпяыўзьйбгчцхжшэёфю", "", cyrillic},
		{"kk ky tg tt mn", "аеыіінтрлсдоқкмбғуңөүһйжзгпшәұхцчэюя", "", cyrillic},
		{"el", "αοιετσνηυρπκμλςόίάγέήθδώφχβύξζψϊϋΐΰ", "", "windows-1253 iso-8859-7"},
		{"he iw yi", "יולהאמרבתשנדחעקפטגסכםזןצךףץ", "", "windows-1255 iso-8859-8"},
		{"ar", "ايلمنرتوبعدةسفهقكأحجشطصخضذئثىغزءظإؤآ", "", "windows-1256 iso-8859-6"},
		{"fa ur", "ايرندهمتوبسشکخزفگعحقجپطآصچغضذثئظأءژ\u200c", "", "windows-1256"},
		{"th", "านรอกเงยลมทวต่ส้ัีิดบปคหะแขจไพชโใถ์ซผึูุ็ธญฟณษฐ", "", "windows-874"},

		{"ko", "", "", "euc-kr"},
		{"ja", "", "", "shift_jis euc-jp"},
		{"zh", "", "", "gb18030 big5"},
	}
}

// speaks reports whether a lang attribute names the language; of Chinese, the
// region and the script tell which charset it is in.
func (l language) speaks(lang, charset string) bool {
	base, region, _ := strings.Cut(strings.ReplaceAll(lang, "_", "-"), "-")
	if base == "" || !holdsWord(l.codes, base) {
		return false
	}
	if base != "zh" || region == "" {
		return true
	}
	traditional := strings.Contains(region, "hant") || region == "tw" || region == "hk" || region == "mo"
	return traditional == (charset == "big5")
}

func holdsWord(list, word string) bool {
	for l := range strings.FieldsSeq(list) {
		if l == word {
			return true
		}
	}
	return false
}
