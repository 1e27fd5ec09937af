package charset

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// multiByteScore is the mean of the characters beyond ASCII as text of the
// language that a multi-byte charset is for; -2 where the bytes are not in it.
func multiByteScore(sample []byte, name string) float64 {
	text, ok := decodeAs(sample, name)
	if !ok {
		return -2
	}
	daily := dailyBread(name)
	var sum float64
	high, bad := 0, 0
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(text[i:])
		}
		i += n
		switch {
		case r < utf8.RuneSelf:
			continue
		case r == utf8.RuneError:
			bad++
			continue
		}
		high++
		sum += multiByteValue(r, name, daily)
	}
	if high == 0 || bad > 1 && bad*50 > high {
		return -2
	}
	return max(-2, min(1, sum/float64(high)))
}

// multiByteValue tells the daily bread of a language from the rare characters
// that a wrong charset shows.
func multiByteValue(r rune, name string, daily map[rune]bool) float64 {
	japanese := name == "shift_jis" || name == "euc-jp"
	switch {
	case daily[r]:
		return 1.2
	case strings.ContainsRune("、。，！？：；（）「」『』《》【】・“”‘’…　－～—·", r):
		return 0.6
	case unicode.In(r, unicode.Hiragana, unicode.Katakana) && r < 0xFF00 || r == 'ー':
		if japanese {
			return 1
		}
		return -0.6
	case r >= 0xFF61 && r <= 0xFF9F:
		// Half-width katakana is what other charsets look like in Shift_JIS.
		return -1
	case r >= 0xFF00 && r <= 0xFF5E:
		return 0.3
	case unicode.Is(unicode.Hangul, r):
		return 0.2
	case r >= 0xE000 && r <= 0xF8FF || r >= 0x20000:
		return -1
	case unicode.Is(unicode.Han, r):
		if name == "euc-kr" {
			return -0.6
		}
		return 0
	case unicode.IsLetter(r):
		return -0.5
	}
	return -0.3
}

func dailyBread(name string) map[rune]bool {
	list := ""
	switch name {
	case "euc-kr":
		list = commonHangul
	case "gb18030", "gbk":
		list = commonHan + commonSimplified
	case "big5":
		list = commonHan + commonTraditional
	case "shift_jis", "euc-jp":
		list = commonKanji
	}
	set := make(map[rune]bool, len(list)/3)
	for _, r := range list {
		set[r] = true
	}
	return set
}

// The characters that make up most of any text.
const (
	commonHan         = "的一是了我不人在他有中大上地和要出也得里就那以可下自天而去能子小多心如事把用第道想作种起好都看没成只些同日手又行意方期它老因很名法斯知世什使身者被高已此十工二三四五月年日分今明本加水化力定合重公平向取保今府部民政主美新性同前面系走全外交金立正或利科教石由相反先南北京市信件每委入言口品其元海及位改西反白安特色史死太空住少士保王黑山再路克加"
	commonSimplified  = "这个们来时为说国着后会对学发当还样总从无动头经长儿爱给间两亲进话与产业务现实开关问题报记体应该点电过机让区员议党华际战军权认议论设计资东车气实图场办联书习选举网标间响众热"
	commonTraditional = "這個們來時為說國著後會對學發當還樣總從無動頭經長兒愛給間兩親進話與產業務現實開關問題報記體應該點電過機讓區員議黨華際戰軍權認論設計資東車氣圖場辦聯書習選舉網標響眾熱"
	commonKanji       = "日一国人年大十二本中長出三時行見月分後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会同事自社発者地業方新場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢政府首相議選経済対表最要約市民党部全的現調性関報告内県区定実"
	commonHangul      = "이다는을의에가고하지로한도기사를은인서대어자정해시나리아일있부들과수전으보년원제장주라그상동구세공여게성국면것만소선관경조오비었했등유회미학생위우신실된방중김안러명금결없발모치되무당통내영분거산트스재입체민진법까말후업적연와요차할본계월단화교습니달개표또음날팀호밝혔울북남운행천며르히려히포용간서및약물예바타문점이번레드코마당론합의식심터작건군평황데파드외같때문반강야양최각래투권박두저른"
)
