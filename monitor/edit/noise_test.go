package edit

import (
	"strings"
	"testing"

	"veille"
)

// TestNoise_InEachLanguageIsNoEdit has a line of each kind as two fetches find
// it, between two paragraphs.
func TestNoise_InEachLanguageIsNoEdit(t *testing.T) {
	for _, c := range []struct{ language, was, is string }{
		{"en", "Updated 3 minutes ago", "Updated 2 hours ago"}, {"en", "an hour ago", "just now"},
		{"en", "1,234 views · 12 comments", "1,301 views · 15 comments"}, {"en", "Comments (12)", "Comments (1.2K)"},
		{"en", "Last updated: 12 March 2026 at 10:15", "Last updated: 13 March 2026 at 08:01"}, {"en", "Read also: Storm hits the coast", "Read also: Budget voted"},
		{"en", "Advertisement", ""}, {"en", "Ref: 8f3a77b0c21d", "Ref: 77aa01b2c3d4"}, {"en", "10:15", "10:16"},
		{"fr", "Publié il y a 3 minutes", "Publié il y a une heure"}, {"fr", "1 234 vues", "2 301 vues"}, {"fr", "Lu 345 fois", "Lu 346 fois"},
		{"fr", "Mis à jour le 12/03/2026 à 10h15", "Mis à jour le 12/03/2026 à 11h20"}, {"fr", "À lire aussi : La tempête", "À lire aussi : Le budget"}, {"fr", "Publicité", ""},
		{"de", "Vor 5 Minuten", "Vor einer Stunde"}, {"de", "123 Kommentare", "125 Kommentare"}, {"de", "Stand: 12.03.2026, 10:15 Uhr", "Stand: 12.03.2026, 10:45 Uhr"},
		{"de", "Lesen Sie auch: Sturm", "Lesen Sie auch: Haushalt"}, {"de", "Anzeige", "Werbung"},
		{"es", "hace 2 horas", "hace 3 horas"}, {"es", "Leído 34 veces", "Leído 35 veces"}, {"es", "Actualizado: 12/03/2026 10:15", "Actualizado: 12/03/2026 11:15"}, {"es", "Lee también: La tormenta", "Lee también: El voto"},
		{"it", "2 ore fa", "3 ore fa"}, {"it", "1.234 visualizzazioni", "1.240 visualizzazioni"}, {"it", "Aggiornato il 12/03/2026 alle 10:15", "Aggiornato il 12/03/2026 alle 10:45"}, {"it", "Leggi anche: La tempesta", "Leggi anche: Il voto"},
		{"pt", "há 5 minutos", "há 6 minutos"}, {"pt", "12 comentários", "13 comentários"}, {"pt", "Atualizado em 12/03/2026 às 10:15", "Atualizado em 12/03/2026 às 10:20"}, {"pt", "Leia também: A chuva", "Leia também: O voto"},
		{"nl", "5 minuten geleden", "2 uur geleden"}, {"nl", "12 reacties", "14 reacties"}, {"nl", "Bijgewerkt: 12-03-2026 10:15", "Bijgewerkt: 12-03-2026 10:25"}, {"nl", "Lees ook: Storm", "Lees ook: Begroting"},
		{"sv", "för 5 minuter sedan", "för 2 timmar sedan"}, {"sv", "12 kommentarer", "13 kommentarer"}, {"sv", "Uppdaterad 2026-03-12 10:15", "Uppdaterad 2026-03-12 10:35"},
		{"pl", "5 minut temu", "2 godziny temu"}, {"pl", "12 komentarzy", "13 komentarzy"}, {"pl", "Aktualizacja: 12.03.2026 10:15", "Aktualizacja: 12.03.2026 10:25"}, {"pl", "Czytaj także: Burza", "Czytaj także: Budżet"},
		{"ru", "5 минут назад", "час назад"}, {"ru", "1 234 просмотра", "1 240 просмотров"}, {"ru", "Обновлено: 12.03.2026 10:15", "Обновлено: 12.03.2026 10:45"}, {"ru", "Читайте также: Буря", "Читайте также: Бюджет"}, {"ru", "Реклама", ""},
		{"tr", "5 dakika önce", "2 saat önce"}, {"tr", "12 yorum", "13 yorum"}, {"tr", "Güncelleme: 12.03.2026 10:15", "Güncelleme: 12.03.2026 10:45"}, {"tr", "Ayrıca okuyun: Fırtına", "Ayrıca okuyun: Bütçe"},
		{"ar", "منذ 5 دقائق", "منذ ساعتين"}, {"ar", "1234 مشاهدة", "1240 مشاهدة"}, {"ar", "آخر تحديث: 12/03/2026 10:15", "آخر تحديث: 12/03/2026 10:25"}, {"ar", "اقرأ أيضا: العاصفة", "اقرأ أيضا: الميزانية"},
		{"ja", "5分前", "2時間前"}, {"ja", "コメント12件のコメント", "コメント13件のコメント"}, {"ja", "最終更新: 2026年3月12日 10:15", "最終更新: 2026年3月12日 10:45"}, {"ja", "関連記事：嵐", "関連記事：予算"}, {"ja", "広告", ""},
		{"ko", "5분 전", "2시간 전"}, {"ko", "조회수 1,234", "조회수 1,301"}, {"ko", "입력 2026.03.12 10:15", "입력 2026.03.12 10:45"}, {"ko", "관련기사: 폭풍", "관련기사: 예산"}, {"ko", "광고", ""},
		{"zh", "5分钟前", "2小时前"}, {"zh", "阅读 1234", "阅读 1301"}, {"zh", "更新时间：2026-03-12 10:15", "更新时间：2026-03-12 10:45"}, {"zh", "相关阅读：风暴", "相关阅读：预算"}, {"zh", "广告", ""},
		{"en", "Last updated: Thursday 12 March 2026 at 10:15 pm GMT", "Last updated: Friday 13 March 2026 at 08:01 am GMT"},
		{"en", "Published 12 March 2026, updated 14 March 2026 at 10:15 by John R. Smith", "Published 12 March 2026, updated 14 March 2026 at 10:45 by John R. Smith"},
		{"fr", "Publié le 12 mars 2026 à 08h00, mis à jour le 12 mars 2026 à 10h15", "Publié le 12 mars 2026 à 08h00, mis à jour le 12 mars 2026 à 11h45"},
		{"fr", "Mis à jour le jeudi 12 mars 2026 à 10h15 (heure de Paris)", "Mis à jour le jeudi 12 mars 2026 à 10h45 (heure de Paris)"},
		{"zh", "更新时间：2026-03-12 10:15 来源：新华社", "更新时间：2026-03-12 10:45 来源：新华社"},
		{"headlines under a heading", "Most read\nA storm hits the coast\nBudget voted", "Most read\nA quiet day\nNo more ships\nBudget voted"},
	} {
		text := func(line string) string {
			return "La première phrase de l'article.\n\n" + line + "\n\nEt la dernière, qui le termine."
		}
		if !Same("", text(c.was), "", text(c.is)) {
			t.Errorf("%s: %q and %q read as an edit: %q", c.language, c.was, c.is, Steady(text(c.was)))
		}
	}
}

// TestNoise_HidesNoSentence has edits that look a little like noise.
func TestNoise_HidesNoSentence(t *testing.T) {
	for _, c := range []struct{ was, is string }{
		{"Updated figures show 12 dead and 40 wounded in the 2024 flood.", "Updated figures show 14 dead and 40 wounded in the 2024 flood."},
		{"Published in 2019, the report names 3 ministers.", "Published in 2019, the report names 4 ministers."},
		{"12 comments by the minister were struck from the record.", "13 comments by the minister were struck from the record."},
		{"Il y a 3 blessés.", "Il y a 4 blessés."},
		{"Il y a 3 jours, le ministre a démissionné.", "Il y a 3 jours, le ministre a été démis."},
		{"Score: 3 - 1", "Score: 3 - 2"},
		{"12", "14"},
		{"Advertisement for arms was banned", "Advertisement for arms was allowed"},
		{"vor 100 Jahren", "vor 200 Jahren"},
		{"La tension monte avant le vote", "La tension baisse avant le vote"},
	} {
		if Same("", "x.\n\n"+c.was, "", "x.\n\n"+c.is) {
			t.Errorf("%q and %q read as the same", c.was, c.is)
		}
	}
	// The words of a title are all meant.
	if Same("Il y a 3 minutes", "", "Il y a 4 minutes", "") {
		t.Error("a clock in a title hides an edit")
	}
}

// TestNoise_HidesNoNoteOfACorrection: some begin as the lines do that say when a
// page was last touched.
func TestNoise_HidesNoNoteOfACorrection(t *testing.T) {
	const text = "La première phrase de l'article.\n\nEt la dernière, qui le termine."
	for _, note := range []string{
		"Correction: 14 March 2026", "Updated 10:15: the toll rises to 14", "Mise à jour 10h15 : le bilan passe à 14 morts", "Updated on 3 March 2026 to correct the name of the port",
		"Actualizado 12/03/2026 para corregir la cifra", "更新 10:15 死者は四十人に増えたと当局が発表", "Updated on 3 March 2026 to correct the name of the port.", "Modified 3 March 2026: the toll was corrected.",
		"Modifié le 3 mars 2026 : le bilan a été corrigé.", "Mis à jour le 12/03/2026 à 10h15 pour corriger le nom du port.", "Rectificatif : le traité a été signé en juin.",
		"Aktualisiert am 12.03.2026: Der Name wurde berichtigt.", "Korrektur: 14 statt 40 Tote", "Actualizado el 12/03/2026 para corregir la cifra.",
		"Обновлено 12.03.2026: исправлено имя капитана.", "Güncelleme 12.03.2026: limanın adı düzeltildi.", "تصحيح: 14 قتيلا لا 40",
		"訂正：死者は14人でした", "수정: 사망자는 14명입니다.", "更正：死者为十四人",
	} {
		if Same("", text, "", text+"\n\n"+note) {
			t.Errorf("%q is no edit", note)
		}
	}
}

func TestBetween_FieldsThatOnlyLookDifferentAreNoEdit(t *testing.T) {
	base := veille.Snapshot{
		Title: "Titre", Description: "Une description assez longue pour être coupée quelque part au milieu.", Authors: []string{"Claire Aubert", "Jon Marsh"},
		Image: "https://img1.example/photo/2026/une-1200x630.jpg?sig=1", Published: at("2026-03-12T07:30:00+01:00"), FetchedAt: at("2026-03-14T12:00:00Z"),
	}
	for _, c := range []struct {
		name   string
		change func(*veille.Snapshot)
		edited string
	}{
		{"authors in another order", func(s *veille.Snapshot) { s.Authors = []string{"par Jon MARSH", "Claire Aubert"} }, ""},
		{"an author less", func(s *veille.Snapshot) { s.Authors = s.Authors[:1] }, "authors"},
		{"no authors read", func(s *veille.Snapshot) { s.Authors = nil }, ""},
		{"another size", func(s *veille.Snapshot) { s.Image = "https://img7.example/photo/2026/une-640x360.jpg?sig=2&w=640" }, ""},
		{"through an image service", func(s *veille.Snapshot) {
			s.Image = "https://a.example/_next/image?url=%2Fphoto%2F2026%2Fune-1200x630.jpg&w=640"
		}, ""},
		{"another picture", func(s *veille.Snapshot) { s.Image = "https://img1.example/photo/2026/deux-1200x630.jpg?sig=1" }, "image"},
		{"another zone", func(s *veille.Snapshot) { s.Published = at("2026-03-12T06:30:00Z") }, ""},
		{"the zone lost", func(s *veille.Snapshot) { s.Published = at("2026-03-12T07:30:00Z") }, ""},
		{"the hour lost", func(s *veille.Snapshot) { s.Published = at("2026-03-12T00:00:00+01:00") }, ""},
		{"the time of the fetch", func(s *veille.Snapshot) { s.Published = at("2026-03-14T11:59:00Z") }, ""},
		{"the day of the fetch", func(s *veille.Snapshot) { s.Published = at("2026-03-14T00:00:00Z") }, ""},
		{"a later date", func(s *veille.Snapshot) { s.Published = at("2026-03-13T09:10:00Z") }, "published"},
		{"an earlier date", func(s *veille.Snapshot) { s.Published = at("2026-03-11T09:10:00Z") }, "published"},
		{"lead cut elsewhere", func(s *veille.Snapshot) { s.Description = "Une description assez longue pour être coupée quel..." }, ""},
		{"another lead", func(s *veille.Snapshot) { s.Description = "Une description assez courte." }, "lead"},
		{"broken charset", func(s *veille.Snapshot) { s.Description = strings.ReplaceAll(s.Description, "ê", "Ãª") }, ""},
	} {
		is := base
		c.change(&is)
		got := ""
		if change := Between(base, is); change != nil {
			got = strings.Join(change.Fields, " ")
		}
		if got != c.edited {
			t.Errorf("%s: %q, want %q", c.name, got, c.edited)
		}
	}
}

func TestBetween_AMovedParagraphIsNotARewrittenOne(t *testing.T) {
	was := "Un premier paragraphe ici.\n\nUn deuxième qui bouge bientôt.\n\nUn troisième pour finir."
	is := "Un premier paragraphe ici.\n\nUn troisième pour finir.\n\nUn deuxième qui bouge bientôt."
	c := Between(veille.Snapshot{Body: was}, veille.Snapshot{Body: is})
	if c == nil || len(c.Moved) != 1 || c.Size() != 0 || !strings.Contains(c.Diff, "{~Un ") {
		t.Errorf("moved: %+v", c)
	}
	rewritten := "Un premier paragraphe ici.\n\nLa police a démenti hier soir toute arrestation dans la ville basse.\n\nUn troisième pour finir."
	was = strings.Replace(was, "Un deuxième qui bouge bientôt.", "Selon plusieurs témoins deux hommes ont été conduits au poste de la gare.", 1)
	c = Between(veille.Snapshot{Body: was}, veille.Snapshot{Body: rewritten})
	if c == nil || len(c.Moved) != 0 || len(c.Added) != 1 || len(c.Removed) != 1 {
		t.Errorf("rewritten: %+v", c)
	}
}
